import type {Resources} from '../config/resources.ts';
import type {Problem} from './problem.ts';

const place = ['linux', 'resources'];

/** What is wrong between the fields of resource limits. */
export function* resourceProblems({cpu, blockIO, rdma}: Resources): Generator<Problem> {
  const {quota = 0, burst = 0} = cpu ?? {};
  if (quota > 0 && burst > quota) {
    const expected = `at most the quota, ${quota}`;
    yield {place: [...place, 'cpu', 'burst'], expected, found: String(burst)};
  }
  for (const [index, {weight, leafWeight}] of (blockIO?.weightDevice ?? []).entries()) {
    if (weight !== undefined || leafWeight !== undefined) continue;
    const at = [...place, 'blockIO', 'weightDevice', index];
    yield {place: at, expected: 'weight, leafWeight or both', found: 'neither'};
  }
  for (const [device, {hcaHandles, hcaObjects}] of Object.entries(rdma ?? {})) {
    if (hcaHandles !== undefined || hcaObjects !== undefined) continue;
    const at = [...place, 'rdma', device];
    yield {place: at, expected: 'hcaHandles, hcaObjects or both', found: 'neither'};
  }
}
