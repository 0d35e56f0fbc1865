// From what a suite printed and reported to its tests: passed, failed, skipped (by name).

/** Counts of a suite that ran. */
export function countRun(suite, {commands, report}) {
  const counts = suite.vitest === undefined ? countChecks(commands) : countVitest(report);
  const broken = commands.some((command) => command.status !== 0);
  // A run that broke without a failed test (a hang, an error outside of tests) has failed too.
  if (broken && counts.failed.length === 0) counts.failed.push(`${suite.name} as a whole`);
  return counts;
}

/** Counts of a suite that this machine cannot run: each of its tests would need a run to be known. */
export function countUnrunnable(suite, reason) {
  return {passed: 0, failed: [], skipped: [`${suite.name} as a whole (${reason})`]};
}

function countChecks(commands) {
  const counts = {passed: 0, failed: [], skipped: []};
  for (const {name, status, lastLine} of commands) {
    const own = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(lastLine);
    if (own !== null) {
      counts.passed += Number(own[1]);
      for (let index = 0; index < Number(own[2]); index++) counts.failed.push(name);
      for (let index = 0; index < Number(own[3] ?? 0); index++) counts.skipped.push(name);
    } else if (status === 0) counts.passed++;
    else counts.failed.push(name);
  }
  return counts;
}

function countVitest(report) {
  const counts = {passed: 0, failed: [], skipped: []};
  for (const file of report?.testResults ?? []) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed++;
      else if (test.status === 'failed') counts.failed.push(test.fullName);
      else counts.skipped.push(test.fullName);
    }
    // A file that cannot be loaded has no tests to show for it.
    if (file.status === 'failed' && file.assertionResults.length === 0) {
      counts.failed.push(`${file.name}: ${file.message}`);
    }
  }
  return counts;
}
