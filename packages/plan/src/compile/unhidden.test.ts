import {buildSpec} from '@minicontainer/spec';
import {expect, test} from 'vitest';
import {describeUnhidden} from './unhidden.ts';

const least = {args: ['sh'], rootPath: '/'};

test('what is left open is told, by name where that is not too long', () => {
  expect(describeUnhidden('/proc', buildSpec(least))).toBe('');
  const some = buildSpec({...least, unmask: ['/proc/keys', '/proc/sys', '/sys/firmware']});
  expect(describeUnhidden('/proc', some)).toMatch(/: \/proc\/keys, \/proc\/sys$/);
  expect(describeUnhidden('/sys', some)).toMatch(/: \/sys\/firmware$/);
  expect(describeUnhidden('/pro', some)).toBe('');
  expect(describeUnhidden('/proc', buildSpec({...least, privileged: true}))).toMatch(/\d+ paths$/);
});
