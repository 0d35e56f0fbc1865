// The readers of plans and of layers against whatever a fuzzer finds, beginning with real ones.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {streamOf} from '../layer-stream.mjs';
import {plans} from '../plan-bytes.mjs';
import {demand, make, must, withScratch} from '../tools.mjs';

const long = process.env.MINICONTAINER_TEST_LONG === '1';

export const fuzzChecks = [
  fuzzCheck('plans', 'decode', 'PLAN_EXPECTED', long ? 300 : 20, async () => {
    const {containerPlans} = await plans();
    return containerPlans();
  }),
  fuzzCheck('layers', 'stream', 'STREAM_EXPECTED', long ? 120 : 10, async () =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(layers).flatMap(([name, frames]) =>
          [1, 16, 255].map(async (piece) => [
            `${name}-${piece}`,
            Buffer.concat([Buffer.of(piece), await streamOf(frames)]),
          ]),
        ),
      ),
    ),
  ),
];

/** Each of these real inputs must be taken, and none that is made of them may lead to a fault. */
function fuzzCheck(what, program, expectation, seconds, inputs) {
  const path = `build/fuzz/${program}`;
  return {
    name: `reads ${what} without a fault, fuzzed for ${seconds} s`,
    needs: ['make', 'clang'],
    run: () =>
      withScratch(async (scratch) => {
        make('fuzz');
        const [corpus, seeds] = ['corpus', 'seeds'].map((name) => join(scratch, name));
        mkdirSync(corpus);
        mkdirSync(seeds);
        for (const [name, bytes] of Object.entries(await inputs())) {
          writeFileSync(join(seeds, name), bytes);
          must(0, path, [join(seeds, name)], {env: {[expectation]: '1'}});
        }
        const limits = [`-max_total_time=${seconds}`, '-max_len=65536', '-timeout=5'];
        const {stderr} = must(
          0,
          path,
          [...limits, '-print_final_stats=1', `-artifact_prefix=${scratch}/`, corpus, seeds],
          {timeout: (seconds + 60) * 1000, maxBuffer: 64 << 20},
        );
        const [, runs] = /number_of_executed_units: +(\d+)/.exec(stderr) ?? [];
        demand(Number(runs) > 1000, `only ${runs} inputs were tried`);
        return `${runs} inputs`;
      }),
  };
}

const layers = {
  empty: [],
  files: [
    {kind: 'directory', path: 'd', mode: 0o755, mtimeSeconds: -5},
    {kind: 'file', path: 'd/f', data: 'hello', xattrs: new Map([['user.a', Buffer.from('b')]])},
    {kind: 'symlink', path: 'l', link: 'd/f'},
    {kind: 'file', path: 'big', data: Buffer.alloc(70_000, 7)},
  ],
  sparse: [
    {
      kind: 'file',
      path: 's',
      fileSize: 1 << 20,
      sparse: Array.from({length: 9}, (_, n) => ({offset: n * 1000, length: 3})),
      data: 'abcdefghijklmnopqrstuvwxyza',
      xattrs: new Map([['security.capability', Buffer.alloc(20, 1)]]),
    },
    {kind: 'whiteout', path: 'w'},
  ],
};
