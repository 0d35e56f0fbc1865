// Plans that need no namespace and so no privileges: what it does with a plan, whoever runs it.
import {closeSync, existsSync, mkdirSync, openSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {plans} from '../plan-bytes.mjs';
import {demand, must, program, withScratch} from '../tools.mjs';

export const smallPlanChecks = [
  {
    name: 'performs a plan, and repeats a cleanup that was done',
    run: () =>
      withScratch(async (scratch) => {
        const path = join(scratch, 'file');
        writeFileSync(path, '');
        const ending = [['removeFile', {path}]];
        const {report} = await perform(scratch, ending, 0);
        demand(report === '' && !existsSync(path), `reported ${report}`);
        await perform(scratch, ending, 0);
        await perform(scratch, ending, 0, ['--cleanup']);
      }),
  },
  {
    name: 'removes what is in a directory, and nothing that its links lead to',
    run: () =>
      withScratch(async (scratch) => {
        const tree = join(scratch, 'tree');
        const outside = join(scratch, 'outside');
        mkdirSync(join(tree, 'a/b/c'), {recursive: true});
        mkdirSync(outside);
        writeFileSync(join(outside, 'kept'), '');
        writeFileSync(join(tree, 'a/-rf\n*'), '');
        symlinkSync(outside, join(tree, 'a/link'));
        symlinkSync('/', join(tree, 'root'));
        await perform(scratch, [['removeTree', {path: tree, journal: false}]], 0);
        demand(!existsSync(tree), 'the tree is still there');
        demand(existsSync(join(outside, 'kept')), 'what a link led to is gone');
      }),
  },
  {
    name: 'removes a directory that is deeper than it has descriptors',
    needs: ['python3'],
    run: () =>
      withScratch(async (scratch) => {
        const tree = join(scratch, 'tree');
        const script = `import os, sys
os.mkdir(sys.argv[1])
os.chdir(sys.argv[1])
open('0', 'w')
for n in range(2500):
    os.mkdir('1')
    os.chdir('1')
    open('file', 'w')`;
        must(0, 'python3', ['-c', script, tree]);
        await perform(scratch, [['removeTree', {path: tree, journal: false}]], 0);
        demand(!existsSync(tree), 'the tree is still there');
      }),
  },
  {
    name: 'does not remove what is no directory but a link to one',
    run: () =>
      withScratch(async (scratch) => {
        const link = join(scratch, 'link');
        mkdirSync(join(scratch, 'real'));
        symlinkSync(join(scratch, 'real'), link);
        const {report} = await perform(
          scratch,
          [['removeTree', {path: link, journal: false}]],
          125,
        );
        demand(/^0 (20|40) /.test(report), `reported ${report}`);
        demand(existsSync(join(scratch, 'real')), 'what the link led to is gone');
      }),
  },
  {
    name: 'reports which operation failed, and goes on with the cleanup',
    run: () =>
      withScratch(async (scratch) => {
        const path = join(scratch, 'file');
        writeFileSync(path, '');
        const ending = [
          ['removeFile', {path: scratch}],
          ['removeFile', {path}],
        ];
        const {report} = await perform(scratch, ending, 125);
        demand(report === '0 21 \n', `reported ${JSON.stringify(report)}`);
        demand(!existsSync(path), 'the second operation was not run');
      }),
  },
  {
    name: 'becomes its reporter when a plan fails, with the plan open for it',
    run: () =>
      withScratch(async (scratch) => {
        const ending = [['removeFile', {path: scratch}]];
        const script = 'echo "$@"; head -c 4 <&3';
        const reporter = ['/bin/sh', '-c', script, 'reporter'];
        const {stdout} = await perform(scratch, ending, 0, [], reporter);
        demand(stdout === '3 0 21 \nMCP1', `it printed ${JSON.stringify(stdout)}`);
      }),
  },
  {
    name: 'says on stderr what failed when nobody takes the report',
    run: () =>
      withScratch(async (scratch) => {
        const ending = [['removeFile', {path: scratch}]];
        const {stderr} = await perform(scratch, ending, 125, [], ['/not/there']);
        demand(stderr === 'nsexec: operation 0: errno 21 \n', `it said ${stderr}`);
      }),
  },
];

/** Runs operations of the last stage; with a reporter nothing is read from the report descriptor. */
async function perform(scratch, ending, status, flags = [], reporter = undefined) {
  const {encodePlan, operation} = await plans();
  const operations = ending.map(([op, args]) => operation('ending', op, args, 'a check'));
  const path = join(scratch, 'plan');
  writeFileSync(path, encodePlan({operations, seal: false}));
  const plan = openSync(path, 'r');
  const words = reporter === undefined ? ['--report', '4', ...flags, '3'] : ['3', ...reporter];
  try {
    const ended = must(status, program, words, {stdio: ['pipe', 'pipe', 'pipe', plan, 'pipe']});
    return {...ended, report: String(ended.output[4])};
  } finally {
    closeSync(plan);
  }
}
