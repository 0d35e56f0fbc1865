import {describe, expect, it} from 'vitest';
import {buildEnvironment} from './environment.ts';

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

describe('the environment of a container', () => {
  it('has a search path and says what it is in', () => {
    expect(buildEnvironment({}, false)).toEqual([path, 'container=minicontainer']);
  });

  it('has a TERM when there is a terminal', () => {
    expect(buildEnvironment({}, true)).toContain('TERM=xterm-256color');
  });

  it('lets the caller override every default, once', () => {
    const asked = {TERM: 'dumb', PATH: '/x', container: '', A: 'b=c'};
    expect(buildEnvironment(asked, true)).toEqual(['PATH=/x', 'TERM=dumb', 'container=', 'A=b=c']);
  });

  it('takes nothing from the environment of this process', () => {
    process.env.MINICONTAINER_TEST_LEAK = '1';
    expect(buildEnvironment({}, true).join()).not.toContain('LEAK');
    delete process.env.MINICONTAINER_TEST_LEAK;
  });
});
