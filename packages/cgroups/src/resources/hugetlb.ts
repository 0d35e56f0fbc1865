import type {HugepageLimit} from '@minicontainer/spec';
import {quote} from '@minicontainer/spec';
import {decimal} from './decimal.ts';
import {refuse} from './refuse.ts';
import {asked, type CgroupVersion, type CgroupWrite} from './write.ts';

/** @see hugetlb.rst of cgroup-v1, cgroup-v2.rst "HugeTLB" */
export function hugetlbWrites(
  limits: readonly HugepageLimit[],
  version: CgroupVersion,
): CgroupWrite[] {
  const suffix = version === 1 ? 'limit_in_bytes' : 'max';
  return limits.flatMap(({pageSize, limit}): CgroupWrite[] => {
    if (!/^[1-9][0-9]*[KMG]B$/.test(pageSize)) {
      throw refuse('hugepageLimits', `${quote(pageSize)} is no page size such as "2MB"`);
    }
    const write = {
      controller: 'hugetlb',
      value: decimal(limit, 'hugepageLimits'),
      asked: asked('hugepageLimits'),
    };
    return [
      {...write, file: `hugetlb.${pageSize}.${suffix}`},
      // What is reserved and not yet touched counts as well, where the kernel can (5.7).
      {...write, file: `hugetlb.${pageSize}.rsvd.${suffix}`, ifMissing: 'ignore'},
    ];
  });
}
