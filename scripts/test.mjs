// Prepares the clone, runs the suites of test/suites.mjs and counts their tests: one after the other, but those
// in emulated machines beside those that do not mind.
//   npm test -- [--suite PREFIX] [arguments of vitest]     npm run test:long
// The long versions see MINICONTAINER_TEST_LONG=1 and have ten times the budget.
import {parseArguments} from './test/arguments.mjs';
import {countRun, countUnrunnable} from './test/count.mjs';
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
const guests = runGuests(chosen.filter(({guest}) => guest));
let interrupted = await runAll(chosen.filter(({beside}) => beside));
for (const {suite, output, run} of await guests) {
  report.begin(suite, options);
  for (const text of output) process.stdout.write(text);
  interrupted = end(suite, run) || interrupted;
}
if (!interrupted) await runAll(chosen.filter(({beside, guest}) => !beside && !guest));
process.exitCode = report.finish();

/** One after the other; true when somebody has interrupted it. */
async function runAll(some) {
  for (const suite of some) {
    report.begin(suite, options);
    if (end(suite, missingFor(suite) ?? (await runSuite(suite, options)))) return true;
  }
  return false;
}

/** The same, but what they print is kept until the others have ended. */
async function runGuests(some) {
  const ended = [];
  for (const suite of some) {
    const output = [];
    const run = missingFor(suite) ?? (await runSuite(suite, options, (text) => output.push(text)));
    ended.push({suite, output, run});
  }
  return ended;
}

/** @param run or a sentence that says why there was none */
function end(suite, run) {
  if (typeof run === 'string') {
    report.end(suite, countUnrunnable(suite, run), {seconds: 0});
    return false;
  }
  report.end(suite, countRun(suite, run), run);
  return run.commands.some((command) => command.interrupted);
}
