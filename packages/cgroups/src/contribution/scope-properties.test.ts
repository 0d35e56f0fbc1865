import {expect, test} from 'vitest';
import {resourceWrites} from '../resources/writes.ts';
import {newScopeProperties, scopeProperties} from './scope-properties.ts';

test('systemd is told the limits that it has properties for', () => {
  const writes = resourceWrites(
    {
      memory: {limit: 1 << 26, swap: 1 << 27, reservation: 1 << 20},
      cpu: {shares: 1024, quota: 50_000, period: 25_000, cpus: '0-2,9', mems: '0'},
      pids: {limit: 7},
      blockIO: {weight: 100},
    },
    2,
  );
  expect(scopeProperties(writes).map((property) => property.join(' '))).toEqual([
    'AllowedCPUs ay 2 7 2',
    'AllowedMemoryNodes ay 1 1',
    `MemorySwapMax t ${1 << 26}`,
    `MemoryMax t ${1 << 26}`,
    `MemoryLow t ${1 << 20}`,
    'CPUWeight t 100',
    'CPUQuotaPerSecUSec t 2000000',
    'CPUQuotaPeriodUSec t 25000',
    'TasksMax t 7',
  ]);
});

test('no limit is one of systemd, which limits tasks unless it is told not to', () => {
  expect(newScopeProperties([])).toEqual([['TasksMax', 't', '18446744073709551615']]);
  const writes = resourceWrites({memory: {limit: -1}, cpu: {quota: -1}}, 2);
  expect(scopeProperties(writes).map(([name, , value]) => `${name} ${value}`)).toEqual([
    'MemorySwapMax 18446744073709551615',
    'MemoryMax 18446744073709551615',
    'CPUQuotaPerSecUSec 18446744073709551615',
    'CPUQuotaPeriodUSec 100000',
  ]);
});
