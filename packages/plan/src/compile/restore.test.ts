import {expect, test} from 'vitest';
import {encodePlan} from '../encode.ts';
import {compileRestore} from './restore.ts';

const plan = compileRestore({
  argv: ['/usr/sbin/criu', 'restore'],
  root: '/bundle/rootfs',
  mountPoint: '/run/oci/c1/root',
  pidFile: '/run/oci/c1/criu.pid',
  log: '/images/restore.log',
  runtime: {directory: '/run/oci/c1', gate: false, detach: true, preservedFds: 0},
  ending: [],
});

test('criu takes the place of the first process, and what it restores is recorded', () => {
  const order = plan.operations.map(({op}) => op);
  const places = ['cloneContainer', 'attachMount', 'execute', 'adoptRestored', 'recordContainer'];
  expect(order.filter((op) => places.includes(op))).toEqual(places);
  expect(order.at(-1)).toBe('detach');
});

test('it can be written as bytes: every slot is filled before it is read', () => {
  expect(() => encodePlan(plan)).not.toThrow();
});
