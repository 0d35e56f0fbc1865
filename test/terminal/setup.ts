import {afterEach} from 'vitest';
import {closeTerminals} from './tmux.ts';

// Before the check for leftovers, which begins earlier and so ends later.
afterEach(closeTerminals);
