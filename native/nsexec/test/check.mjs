// Tests nsexec by itself: `make check`, or `node test/check.mjs [PART OF A NAME]`. What it is as a
// part of the whole, test/e2e tests.
import {buildChecks} from './checks/build.mjs';
import {commandLineChecks} from './checks/command-line.mjs';
import {fuzzChecks} from './checks/fuzz.mjs';
import {hostilePlanChecks} from './checks/hostile-plans.mjs';
import {hostileStreamChecks} from './checks/hostile-streams.mjs';
import {layerChecks} from './checks/layers.mjs';
import {runtimeVerbChecks} from './checks/runtime-verbs.mjs';
import {sanitizerChecks} from './checks/sanitizers.mjs';
import {sizeChecks} from './checks/size.mjs';
import {smallPlanChecks} from './checks/small-plans.mjs';
import {missing} from './tools.mjs';

const checks = [
  ...buildChecks,
  ...sizeChecks,
  ...commandLineChecks,
  ...smallPlanChecks,
  ...hostilePlanChecks,
  ...sanitizerChecks,
  ...hostileStreamChecks,
  ...layerChecks,
  ...runtimeVerbChecks,
  ...fuzzChecks,
];
const wanted = process.argv[2] ?? '';
const counts = {passed: 0, failed: 0, skipped: 0};

for (const {name, needs = [], root = false, run} of checks) {
  if (!name.includes(wanted)) continue;
  const reason = missing(needs) ?? (root && process.getuid() !== 0 ? 'needs root' : undefined);
  if (reason !== undefined) {
    counts.skipped++;
    console.log(`   skipped: ${name} (${reason})`);
    continue;
  }
  try {
    const said = await run();
    counts.passed++;
    if (typeof said === 'string') console.log(`   ${name}: ${said}`);
  } catch (error) {
    counts.failed++;
    console.log(`   failed: ${name}\n${error.message.replace(/^/gm, '      ')}`);
  }
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;
