// Who calls it wrongly, or with privileges that are not the caller's own, gets nothing done.
import {chmodSync, chownSync, closeSync, copyFileSync, openSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {demand, must, program, withScratch} from '../tools.mjs';

const refused = [
  [],
  [''],
  ['x'],
  ['3x'],
  ['-1'],
  ['99'],
  ['1048576'],
  ['99999999999999999999'],
  ['--cleanup'],
  ['--report'],
  ['--report', '3'],
  ['--report', 'x', '3'],
  ['--report', '99', '3'],
  ['--unknown', '3'],
  ['--', '3'],
];

export const commandLineChecks = [
  ...refused.map((args) => ({
    name: `refuses the command line: nsexec ${args.join(' ')}`,
    run: () =>
      withPlan((plan) => {
        const {stderr} = must(125, program, args, {stdio: ['pipe', 'pipe', 'pipe', plan]});
        demand(stderr.includes('usage: nsexec'), `it said: ${stderr}`);
      }),
  })),
  {
    name: 'refuses to run with the privileges of a set-user-ID file',
    needs: ['runuser'],
    root: true,
    run: () =>
      withScratch((scratch) => {
        const copy = join(scratch, 'nsexec');
        chmodSync(scratch, 0o755);
        copyFileSync(program, copy);
        chownSync(copy, 0, 0);
        chmodSync(copy, 0o4755);
        const {stderr} = must(125, 'runuser', ['-u', 'mctest', '--', copy, '0']);
        demand(stderr.includes('set-user-ID'), `it said: ${stderr}`);
      }),
  },
  {
    name: 'needs no standard stream to say no',
    run: () =>
      withPlan((plan) => {
        const script = 'exec "$0" 3 <&- >&- 2>&-';
        must(125, 'sh', ['-c', script, program], {stdio: ['pipe', 'pipe', 'pipe', plan]});
      }),
  },
];

/** A descriptor of a file that is no plan. */
function withPlan(act) {
  return withScratch((scratch) => {
    const path = join(scratch, 'plan');
    writeFileSync(path, 'no plan');
    const plan = openSync(path, 'r');
    try {
      return act(plan);
    } finally {
      closeSync(plan);
    }
  });
}
