// Containers under AddressSanitizer and UndefinedBehaviorSanitizer, as root and as a plain user: each
// ends as it should, leaves nothing, and no sanitizer has a word to say.
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {demand, here, make, must, run, sanitized, withScratch} from '../tools.mjs';

const app = join(here, '../../apps/cli');
const cli = join(app, 'dist/minicontainer.cjs');
const user = 'mctest';

/** Words of `run`, the status, what stdout must be, what stdin is, and how it is run. */
const runs = [
  {what: 'streams', words: ['sh', '-c', 'echo out; echo err >&2; exit 7'], status: 7, out: 'out\n'},
  {what: 'input', words: ['cat'], input: 'hi', out: 'hi'},
  {what: 'much input and output', words: ['wc', '-c'], input: 'x'.repeat(3e6), out: '3000000\n'},
  {what: 'a reader that leaves', words: ['head', '-c1'], input: 'x'.repeat(3e6), out: 'x'},
  {what: '--init', words: ['--init', 'sh', '-c', 'sleep 0.1 & exit 3'], status: 3},
  {what: 'a signal', ended: true, words: ['sleep', '99'], status: 143},
  {what: 'orphans', words: ['sh', '-c', 'setsid sleep 99 & exit 4'], status: 4},
  {what: '-u', words: ['-u', '0:0', 'id', '-u'], out: '0\n'},
  {what: 'many variables', words: [...variables(500), 'sh', '-c', 'echo $V499'], out: '499\n'},
  {what: '--read-only', words: ['--read-only', 'sh', '-c', 'echo x >/x || exit 5'], status: 5},
  {what: '--tmpfs', words: ['--tmpfs', '/t:size=1m', 'sh', '-c', 'echo x >/t/x'], status: 0},
  {what: '-v', words: ['-v', '/usr:/mnt/a/b:ro', 'test', '-d', '/mnt/a/b/bin'], status: 0},
  {what: '--network host', words: ['--network', 'host', 'true'], status: 0},
  {what: 'a terminal', terminal: true, words: ['-t', 'tty'], out: /\/dev\/pts\/0/},
  {what: 'no such command', words: ['/no/such'], status: 127},
  {what: 'a directory as command', words: ['/usr'], status: 126},
  {what: 'no such user', words: ['-u', 'nobodyhere', 'true'], status: 125},
  {what: 'no such directory', words: ['-w', '/no/such', 'true'], status: 125},
  {what: 'an option no file system has', words: ['--tmpfs', '/t:bad=1', 'true'], status: 125},
  {what: '--userns host', rootOnly: true, words: ['--userns', 'host', 'id', '-u'], out: '0\n'},
  {what: '--privileged', rootOnly: true, words: ['--privileged', 'true'], status: 0},
];

export const sanitizerChecks = [
  {
    name: 'has its sanitizers in the binary that is run with them',
    needs: ['make', 'clang'],
    run: () => {
      make('asan');
      const binary = readFileSync(sanitized, 'latin1');
      demand(binary.includes('__asan_init'), `${sanitized} has no AddressSanitizer`);
      demand(binary.includes('__ubsan_handle'), `${sanitized} has no UndefinedBehaviorSanitizer`);
    },
  },
  ...runs.map((each) => ({...each, as: 'root'})).map(checkOf),
  ...runs
    .filter(({rootOnly}) => !rootOnly)
    .map((each) => ({...each, as: 'user'}))
    .map(checkOf),
];

function checkOf(each) {
  const {what, as, terminal} = each;
  return {
    name: `runs without a fault under sanitizers, as ${as}: ${what}`,
    needs: ['clang', ...(as === 'user' ? ['runuser'] : []), ...(terminal ? ['script'] : [])],
    root: as === 'root',
    run: () => withScratch((state) => runContainer(each, state)),
  };
}

function runContainer({words, status = 0, out, input = '', ...how}, state) {
  demand(existsSync(cli), 'build the command line first: npm run build');
  const ended = run(...commandLine(['run', ...pathOf(words)], {...how, state}), {
    input,
    maxBuffer: 16 << 20,
  });
  const said = `${ended.stdout.slice(-2000)}${ended.stderr.slice(-4000)}`;
  demand(!/Sanitizer|runtime error/.test(said), said);
  demand(ended.status !== null, `ended by ${ended.signal}\n${said}`);
  demand(ended.status === status, `ended with ${ended.status}, not ${status}\n${said}`);
  if (out instanceof RegExp) demand(out.test(ended.stdout), said);
  else if (out !== undefined) demand(ended.stdout === out, said);
  for (const kept of ['containers', 'ranges']) {
    const left = existsSync(join(state, kept)) ? readdirSync(join(state, kept)) : [];
    demand(left.length === 0, `left in ${kept}: ${left}`);
  }
}

/** What a plain user runs: a clone may lie where nobody else may look. Made at the first need. */
let published;

function publish() {
  if (published !== undefined) return published;
  const folder = mkdtempSync(join(tmpdir(), 'nsexec-check-'));
  process.once('exit', () => rmSync(folder, {recursive: true, force: true}));
  chmodSync(folder, 0o755);
  const koffi = realpathSync(join(app, 'node_modules/koffi'));
  const binaries = '@koromix/koffi-linux-x64';
  const copy = (from, to) => cpSync(from, join(folder, to), {recursive: true, dereference: true});
  copy(koffi, 'node_modules/koffi');
  copy(join(koffi, '..', binaries), `node_modules/${binaries}`);
  copy(cli, 'minicontainer.cjs');
  copy(sanitized, 'nsexec');
  published = {cli: join(folder, 'minicontainer.cjs'), nsexec: join(folder, 'nsexec')};
  return published;
}

function commandLine(words, {as, terminal, ended, state}) {
  const used = as === 'user' ? publish() : {cli, nsexec: sanitized};
  const environment = [
    `PATH=${process.env.PATH}`,
    `MINICONTAINER_NSEXEC=${used.nsexec}`,
    `MINICONTAINER_ROOT=${state}`,
    // The plan is for the life of the process, and the keeper is not to be looked into.
    'ASAN_OPTIONS=detect_leaks=0',
    'UBSAN_OPTIONS=print_stacktrace=1',
    'LANG=C.UTF-8',
  ];
  const program = ['env', '-i', ...environment, process.execPath, used.cli, ...words];
  const quoted = program.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const alone = [
    ...(ended ? ['timeout', '--preserve-status', '1'] : []),
    ...(terminal ? ['script', '-qec', quoted, '/dev/null'] : program),
  ];
  if (as !== 'user' || process.getuid() !== 0) return [alone[0], alone.slice(1)];
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(must(0, 'id', [flag, user]).stdout));
  chownSync(state, uid, gid);
  chmodSync(state, 0o700);
  return ['runuser', ['-u', user, '--', ...alone]];
}

/** A command of the host view is told from an image by its slash. */
function pathOf(words) {
  const at = words.findIndex((word) => /^(sh|cat|wc|head|id|test|true|tty|sleep)$/.test(word));
  return at < 0 ? words : words.toSpliced(at, 1, `/usr/bin/${words[at]}`);
}

function variables(count) {
  return Array.from({length: count}, (_, n) => ['-e', `V${n}=${n}`]).flat();
}
