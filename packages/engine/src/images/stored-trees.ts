import type {Trees} from '@minicontainer/image';
import {Snapshots} from '@minicontainer/rootfs';
import {treeOwner} from './tree-owner.ts';

/** Removes and measures what the caller's layers are unpacked to, as the root of those who own the files. */
export function storedTrees(root: string): Trees {
  const snapshots = () => new Snapshots(root, treeOwner());
  return {
    remove: (paths) => snapshots().remove(paths),
    measure: (paths) => snapshots().measure(paths),
  };
}
