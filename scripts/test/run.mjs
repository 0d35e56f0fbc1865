// Runs one suite's commands, in a process group of their own that ends with the suite.
import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {root} from '../root.mjs';
import {inOwnNamespaces} from './namespaces.mjs';

// The commands write into a pipe of ours; colour is for the terminal behind it.
const colour = process.stdout.isTTY ? {FORCE_COLOR: '1'} : {NO_COLOR: '1', FORCE_COLOR: undefined};
const patience = 3;
const longFactor = 10;

export function budgetSeconds(suite, {long}) {
  return suite.budgetSeconds * (long ? longFactor : 1);
}

/**
 * The commands with their status and last line, the seconds, and where vitest's report lies.
 *
 * @param options of the command line, and `write`, which takes what they print
 */
export async function runSuite(suite, options) {
  const started = performance.now();
  const scratch = mkdtempSync(join(tmpdir(), 'minicontainer-test-'));
  const reportFile = join(scratch, 'report.json');
  const deadline = started + budgetSeconds(suite, options) * patience * 1000;
  try {
    const commands = [];
    for (const command of commandsOf(suite, options, reportFile)) {
      commands.push(await runCommand(command, deadline, suite, options));
    }
    return {
      commands,
      seconds: (performance.now() - started) / 1000,
      report: readReport(reportFile),
    };
  } finally {
    rmSync(scratch, {recursive: true, force: true});
  }
}

function commandsOf(suite, options, reportFile) {
  if (suite.checks !== undefined) return suite.checks;
  return [
    [
      'node_modules/.bin/vitest',
      'run',
      ...['--project', suite.vitest, ...options.rest],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`],
    ],
  ];
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function runCommand(words, deadline, {beside}, {long, write}) {
  return new Promise((resolve) => {
    const [command, ...args] = beside ? inOwnNamespaces(words) : words;
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
      env: {...process.env, ...colour, ...(long ? {MINICONTAINER_TEST_LONG: '1'} : {})},
    });
    const endGroup = () => killGroup(child.pid, 'SIGKILL');
    let interrupted = false;
    const interrupt = () => {
      interrupted = true;
      killGroup(child.pid, 'SIGINT');
    };
    const timer = setTimeout(endGroup, deadline - performance.now());
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', interrupt);
    let end = '';
    child.stdout.on('data', (chunk) => {
      write(chunk);
      end = (end + chunk).slice(-1000);
    });
    const finish = (status) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
      const lastLine = end.trimEnd().split('\n').at(-1);
      resolve({name: words.join(' '), status, lastLine, interrupted});
    };
    child.on('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      finish(127);
    });
    child.on('close', (status, signal) => {
      if (signal !== null) process.stderr.write(`${words[0]} ended by ${signal}\n`);
      finish(status ?? 128);
    });
  });
}

function killGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}
