// The reader of plans against whatever a fuzzer finds, beginning with real plans.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {plans} from '../plan-bytes.mjs';
import {demand, make, must, withScratch} from '../tools.mjs';

const seconds = process.env.MINICONTAINER_TEST_LONG === '1' ? 300 : 20;

export const fuzzChecks = [
  {
    name: `reads plans without a fault, fuzzed for ${seconds} s`,
    needs: ['make', 'clang'],
    run: () =>
      withScratch(async (scratch) => {
        make('fuzz');
        const [corpus, seeds] = ['corpus', 'seeds'].map((name) => join(scratch, name));
        mkdirSync(corpus);
        mkdirSync(seeds);
        const {containerPlans} = await plans();
        for (const [name, bytes] of Object.entries(containerPlans())) {
          writeFileSync(join(seeds, name), bytes);
          must(0, 'build/fuzz/decode', [join(seeds, name)], {env: {PLAN_EXPECTED: '1'}});
        }
        const limits = [`-max_total_time=${seconds}`, '-max_len=65536', '-timeout=5'];
        const {stderr} = must(
          0,
          'build/fuzz/decode',
          [...limits, '-print_final_stats=1', `-artifact_prefix=${scratch}/`, corpus, seeds],
          {timeout: (seconds + 60) * 1000, maxBuffer: 64 << 20},
        );
        const [, runs] = /number_of_executed_units: +(\d+)/.exec(stderr) ?? [];
        demand(Number(runs) > 1000, `only ${runs} inputs were tried`);
        return `${runs} inputs`;
      }),
  },
];
