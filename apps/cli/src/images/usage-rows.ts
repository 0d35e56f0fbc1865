import type {ImageUsage, UsageLine} from '@minicontainer/engine/images';
import {ago} from '../listing/age.ts';
import {humanSize} from '../listing/size.ts';
import {oneLine} from '../output/one-line.ts';
import type {Struct} from '../template/index.ts';
import {shortId} from './image-rows.ts';

export const usageHeaders = {
  Active: 'ACTIVE',
  // Podman's, for programs.
  RawReclaimable: 'RAW RECLAIMABLE',
  RawSize: 'RAW SIZE',
  Reclaimable: 'RECLAIMABLE',
  Size: 'SIZE',
  TotalCount: 'TOTAL',
  Type: 'TYPE',
} as const satisfies Struct;

export const usageLine = '{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}';

const names = {
  images: 'Images',
  containers: 'Containers',
  unfinished: 'Unfinished',
  other: 'Other',
} as const satisfies Record<UsageLine['kind'], string>;

/** A line of `df`, in Docker's fields. */
export function usageRow({kind, count, active, bytes, reclaimableBytes}: UsageLine): Struct {
  const share = bytes > 0 ? ` (${Math.floor((reclaimableBytes * 100) / bytes)}%)` : '';
  return {
    Active: String(active),
    RawReclaimable: String(reclaimableBytes),
    RawSize: String(bytes),
    Reclaimable: `${humanSize(reclaimableBytes)}${share}`,
    Size: humanSize(bytes),
    TotalCount: String(count),
    Type: names[kind],
  };
}

export const imageUsageHeaders = {
  Repository: 'REPOSITORY',
  Tag: 'TAG',
  ID: 'IMAGE ID',
  CreatedSince: 'CREATED',
  Size: 'SIZE',
  SharedSize: 'SHARED SIZE',
  UniqueSize: 'UNIQUE SIZE',
  Containers: 'CONTAINERS',
} as const satisfies Struct;

export const imageUsageLine = Object.keys(imageUsageHeaders)
  .map((field) => `{{.${field}}}`)
  .join('\t');

/** Lines of `df -v` for an image: one for each of its names. */
export function imageUsageRows(
  {image, names: named, bytes, uniqueBytes, containers}: ImageUsage,
  now: number,
): Struct[] {
  return (named.length > 0 ? named : ['<none>:<none>']).map((name) => {
    const colon = name.lastIndexOf(':');
    const isTagged = colon > name.lastIndexOf('/') && !name.includes('@');
    return {
      Repository: oneLine(isTagged ? name.slice(0, colon) : name.replace(/@.*/, '')),
      Tag: oneLine(isTagged ? name.slice(colon + 1) : '<none>'),
      ID: shortId(image.id),
      CreatedSince: ago(image.created, now),
      Size: humanSize(bytes, 3),
      SharedSize: humanSize(bytes - uniqueBytes, 3),
      UniqueSize: humanSize(uniqueBytes, 3),
      Containers: String(containers.length),
    };
  });
}
