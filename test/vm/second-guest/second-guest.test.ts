import {testEachCheck} from '../guest/each-check.ts';

testEachCheck('with systemd, cgroup v2 alone and AppArmor');
