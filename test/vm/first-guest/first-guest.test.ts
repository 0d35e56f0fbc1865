import {testEachCheck} from '../guest/each-check.ts';

testEachCheck('with cgroup v2 alone');
