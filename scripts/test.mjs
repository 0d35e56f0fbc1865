// Prepares the clone, runs the suites of test/suites.mjs in two lanes and counts their tests.
//   npm test -- [--suite PREFIX] [arguments of vitest]     npm run test:long
// The long versions see MINICONTAINER_TEST_LONG=1 and have ten times the budget.
import {parseArguments} from './test/arguments.mjs';
import {countRun, countUnrunnable} from './test/count.mjs';
import {inLanes} from './test/lanes.mjs';
import {missingFor, prepareFailed, setUpMissing} from './test/needs.mjs';
import {Report} from './test/report.mjs';
import {runSuite} from './test/run.mjs';
import {suites} from './test/suites.mjs';

const options = parseArguments(process.argv.slice(2));
const chosen = suites.filter(
  (suite) => suite.name.startsWith(options.suite) && (options.long || !suite.longOnly),
);
const report = new Report({strict: process.env.CI === 'true'});

if (chosen.length === 0) {
  const names = suites.map((suite) => suite.name).join(', ');
  process.stderr.write(`minicontainer: no suite begins with '${options.suite}': ${names}\n`);
}

setUpMissing(chosen);
if (prepareFailed()) {
  report.end(
    {name: 'prepare'},
    {passed: 0, failed: ['install and build'], skipped: []},
    {seconds: 0},
  );
}
await inLanes(chosen, {
  run: async (suite, write) => missingFor(suite) ?? (await runSuite(suite, {...options, write})),
  begin: (suite) => report.begin(suite, options),
  end,
  write: (text) => process.stdout.write(text),
});
process.exitCode = report.finish();

/**
 * @param run or a sentence that says why there was none
 * @returns true when somebody has interrupted it
 */
function end(suite, run) {
  if (typeof run === 'string') {
    report.end(suite, countUnrunnable(suite, run), {seconds: 0});
    return false;
  }
  report.end(suite, countRun(suite, run), run);
  return run.commands.some((command) => command.interrupted);
}
