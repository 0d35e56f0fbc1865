import {describe, expect, test} from 'vitest';
import {shortenOverlay} from './overlay-mount.ts';

const id = 'a'.repeat(100);

describe('the options of an overlay', () => {
  test('stay as they are where the kernel takes them', () => {
    const options = ['lowerdir=/a:/b', 'upperdir=/c', 'userxattr'];
    expect(shortenOverlay('/x', options)).toEqual({opening: [], directory: undefined, options});
  });

  test('are paths from what all of them have in common, where they are too long', () => {
    const {opening, directory, options} = shortenOverlay('/x', [
      `lowerdir=/var/lib/engine/overlay/${id}/merged:/var/lib/engine/containers/${id}/lower`,
      `upperdir=/var/lib/engine/containers/${id}/upper`,
      'userxattr',
    ]);
    expect(directory).toBe('layers of /x');
    expect(opening).toMatchObject([
      {op: 'openPath', args: {root: undefined, path: '/var/lib/engine', to: 'layers of /x'}},
    ]);
    expect(options).toEqual([
      `lowerdir=overlay/${id}/merged:containers/${id}/lower`,
      `upperdir=containers/${id}/upper`,
      'userxattr',
    ]);
  });

  test('may have nothing in common but the root, and colons of their own', () => {
    const {opening, options} = shortenOverlay('/x', [
      `lowerdir=/a\\:b:/b${id}/c:/${id}/${'d'.repeat(45)}`,
    ]);
    expect(opening).toMatchObject([{args: {path: '/'}}]);
    expect(options).toEqual([`lowerdir=a\\:b:b${id}/c:${id}/${'d'.repeat(45)}`]);
  });

  test('are refused where even that is too long', () => {
    expect(() => shortenOverlay('/x', [`lowerdir=/a/${id}:/b/${id}:/c/${id}`])).toThrow(
      expect.objectContaining({code: 'EMOUNT', message: expect.stringContaining('/x')}),
    );
  });
});
