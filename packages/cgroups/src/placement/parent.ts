import {MinicontainerError} from '@minicontainer/errors';

/** Whether a parent is meant for systemd. @see systemd.slice(5) */
export function isSlice(parent: string): boolean {
  return parent.endsWith('.slice');
}

/** Where a slice is below its manager: `a-b.slice` lies in `a.slice`. @see systemd.slice(5) */
export function slicePath(slice: string): string {
  if (slice === '-.slice') return '';
  const parts = slice.slice(0, -'.slice'.length).split('-');
  return parts.map((_, index) => `${parts.slice(0, index + 1).join('-')}.slice`).join('/');
}

/**
 * @param slices whether one that is named as a slice is one
 * @throws {MinicontainerError} `ECGROUP` for what leads elsewhere or names no cgroup
 */
export function checkParent(parent: string, slices = true): void {
  const parts = parent.split('/').filter((part) => part !== '');
  const problem =
    slices && isSlice(parent)
      ? !/^(-|[\w:.]+(-[\w:.]+)*)\.slice$/.test(parent)
      : parts.length === 0 ||
        parts.some(
          (part) => part === '.' || part === '..' || /[\n\0]/.test(part) || part.length > 200,
        );
  if (!problem) return;
  throw new MinicontainerError('ECGROUP', `${JSON.stringify(parent)} is no parent for a cgroup`, {
    hint: 'for example --cgroup-parent /containers, or with systemd --cgroup-parent machine.slice',
  });
}
