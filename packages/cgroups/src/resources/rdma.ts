import type {RdmaLimits} from '@minicontainer/spec';
import {quote} from '@minicontainer/spec';
import {decimal} from './decimal.ts';
import {refuse} from './refuse.ts';
import {asked, type CgroupWrite} from './write.ts';

/** The same file on both versions, one device in one write. @see rdma.rst of cgroup-v1 */
export function rdmaWrites(devices: Readonly<Record<string, RdmaLimits>>): CgroupWrite[] {
  return Object.entries(devices).map(([device, {hcaHandles, hcaObjects}]) => {
    if (device === '' || /\s/.test(device)) {
      throw refuse('rdma', `${quote(device)} is no name of a device`);
    }
    const limits = [
      ...(hcaHandles === undefined ? [] : [`hca_handle=${decimal(hcaHandles, 'rdma')}`]),
      ...(hcaObjects === undefined ? [] : [`hca_object=${decimal(hcaObjects, 'rdma')}`]),
    ];
    if (limits.length === 0) throw refuse('rdma', `${quote(device)} has no limit`);
    const value = [device, ...limits].join(' ');
    return {controller: 'rdma', file: 'rdma.max', value, asked: asked('rdma')};
  });
}
