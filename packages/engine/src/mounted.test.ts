import {expect, test} from 'vitest';
import {typeAt} from './mounted.ts';

const mountinfo = [
  '22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw',
  '30 22 0:25 / /data rw - tmpfs tmpfs rw',
  '31 22 0:26 / /data/with\\040blank rw - nfs4 host:/x rw',
  '32 30 0:27 / /data rw - xfs /dev/vdb rw',
].join('\n');

test.each([
  ['/etc', 'ext4'],
  ['/', 'ext4'],
  ['/data', 'xfs'],
  ['/data/x', 'xfs'],
  ['/database', 'ext4'],
  ['/data/with blank/x', 'nfs4'],
])('%s lies on %s', (path, type) => {
  expect(typeAt(path, mountinfo)).toBe(type);
});

test('nothing lies on nothing', () => {
  expect(typeAt('/x', '')).toBeUndefined();
});
