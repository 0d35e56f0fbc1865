import {expect, it} from 'vitest';
import {syncFileSystem} from './index.ts';

it('a file system is written out by any of its paths, and one that is not there is told', () => {
  expect(() => syncFileSystem('/tmp')).not.toThrow();
  expect(() => syncFileSystem('/no/such')).toThrow(/ENOENT/);
});
