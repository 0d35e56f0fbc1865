import {describe, expect, test} from 'vitest';
import {stateDirectory} from './state.ts';

describe('the state is kept', () => {
  test.each<[string, number, NodeJS.ProcessEnv, string]>([
    ['for root in /var/lib', 0, {HOME: '/root'}, '/var/lib/minicontainer'],
    ['for root there whatever XDG says', 0, {XDG_DATA_HOME: '/x'}, '/var/lib/minicontainer'],
    ['at home', 1000, {HOME: '/home/me'}, '/home/me/.local/share/minicontainer'],
    ['where XDG says', 1000, {HOME: '/home/me', XDG_DATA_HOME: '/x'}, '/x/minicontainer'],
    [
      'at home where XDG says nonsense',
      1000,
      {HOME: '/h', XDG_DATA_HOME: 'x'},
      '/h/.local/share/minicontainer',
    ],
    [
      'at home where XDG says nothing',
      1000,
      {HOME: '/h', XDG_DATA_HOME: ''},
      '/h/.local/share/minicontainer',
    ],
    ['where we are told, for root', 0, {MINICONTAINER_ROOT: '/m'}, '/m'],
    ['where we are told, for a user', 1000, {MINICONTAINER_ROOT: '/m', HOME: '/h'}, '/m'],
  ])('%s', (_, uid, environment, directory) => {
    expect(stateDirectory(uid, environment)).toBe(directory);
  });

  test.each<[string, number, NodeJS.ProcessEnv, RegExp]>([
    ['without a home', 1000, {}, /HOME is not set/],
    ['in a home that is no absolute path', 1000, {HOME: 'here'}, /HOME/],
    ['in a relative directory', 0, {MINICONTAINER_ROOT: 'here'}, /MINICONTAINER_ROOT/],
    [
      'in a directory without a name',
      1000,
      {MINICONTAINER_ROOT: '', HOME: '/h'},
      /MINICONTAINER_ROOT/,
    ],
  ])('nowhere %s, which is said', (_, uid, environment, message) => {
    expect(() => stateDirectory(uid, environment)).toThrow(
      expect.objectContaining({code: 'ESTATE', message: expect.stringMatching(message)}),
    );
  });
});
