// The verbs of the runtime under sanitizers: in a directory whose files hold anything, with words of
// any length, and through a container's whole life. Each has an end, and no sanitizer has a word to say.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {basename, join} from 'node:path';
import {demand, here, must, run, sanitized, withScratch} from '../tools.mjs';

const bundle = join(here, '../../apps/oci/dist/minicontainer-oci.cjs');
const verbs = [
  ['state'],
  ['start'],
  ['kill'],
  ['kill', '--all'],
  ['delete'],
  ['delete', '--force'],
];
const patienceMs = 10_000;

const whole = ['{"status": "', '", "pid": ', '}', '', ''].map((text) => `${text}\0`).join('');
/** What is in which file of a container's directory. */
const directories = {
  nothing: {},
  'an empty state': {state: ''},
  'a state of zeros': {state: '\0'.repeat(5000)},
  'a state without an end': {state: 'x'.repeat(5000)},
  'a state of three parts': {state: 'a\0b\0c'},
  'a state whose last part has no end': {state: `${whole}/no/end`},
  'a state of more than a megabyte': {state: 'x'.repeat((1 << 20) + 1)},
  'a state of bytes': {state: Buffer.from(Array.from({length: 999}, (_, n) => n * 7))},
  'a state that is a directory': {state: undefined},
  'a freezer of any length': {state: `a\0b\0c\0/${'x'.repeat(8000)}\x001\0`},
  'cgroups of any length': {state: `a\0b\0c\0\x002\0/${'x'.repeat(8000)}\0relative\0\0`},
  'an empty record': {state: whole, init: ''},
  'a record of text': {state: whole, init: 'x'.repeat(5000)},
  'a record without a pid': {state: whole, init: ' 1 boot'},
  'a record of the largest numbers': {state: whole, init: `${2n ** 64n} ${2n ** 64n} boot`},
  'a record below zero': {state: whole, init: '-1 -1 boot'},
  'a record of us': {state: whole, init: `${process.pid} 1 boot`},
  'an empty plan': {state: whole, plan: ''},
  'a plan of text': {state: whole, plan: 'x'.repeat(5000)},
  'a plan of zeros': {state: whole, plan: '\0'.repeat(5000)},
  'a plan that is a directory': {state: whole, plan: undefined},
  'a lock that is a directory': {state: whole, lock: undefined},
  'a gate and a socket that are none': {state: whole, gate: 'x', start: 'x', lock: ''},
};

const long = 'x'.repeat(100_000);
const commandLines = {
  nothing: [],
  'an empty word': [''],
  'a flag without a value': ['--root'],
  'a flag with an empty value': ['--root=', 'state', 'x'],
  'one dash': ['-', 'state', 'x'],
  'a verb without a word': ['state'],
  'a verb with many': ['kill', ...Array.from({length: 5000}, () => 'x')],
  'many flags': [...Array.from({length: 5000}, () => '--debug'), 'state', 'x'],
  'a long id': ['state', long],
  'a long root': ['--root', `/${long}`, 'state', 'x'],
  'a long signal': ['kill', 'x', long],
  'a long verb': [long],
  'a long log': ['--log', `/${long}`, '--log-format', 'json', 'state', 'x'],
  'a log of JSON': ['--log', '/dev/null', '--log-format', 'json', 'state', '"\\\n\u001b\u009b'],
  'a log format of any kind': ['--log', '/dev/null', '--log-format', long, 'state', 'x'],
};

export const runtimeVerbChecks = [
  ...Object.entries(directories).map(([what, files]) => ({
    name: `has an end for each verb of the runtime under sanitizers: ${what}`,
    needs: ['clang'],
    run: () => withScratch((scratch) => tryVerbs(scratch, files)),
  })),
  ...Object.entries(commandLines).map(([what, words]) => ({
    name: `takes words of the runtime under sanitizers: ${what}`,
    needs: ['clang'],
    run: () => withScratch((scratch) => quiet(verb(words, scratch))),
  })),
  {
    name: 'makes, starts, signals and deletes containers under sanitizers',
    needs: ['clang', 'busybox'],
    root: true,
    run: () => withScratch(live),
  },
];

function tryVerbs(scratch, files) {
  for (const words of verbs) {
    const root = join(scratch, 'root');
    rmSync(root, {recursive: true, force: true});
    mkdirSync(join(root, 'c'), {recursive: true, mode: 0o700});
    for (const [name, content] of Object.entries(files)) {
      if (content === undefined) mkdirSync(join(root, 'c', name));
      else writeFileSync(join(root, 'c', name), content);
    }
    const {status} = quiet(verb(['--root', root, ...words, 'c'], scratch));
    if (words.includes('--force') && status === 0) {
      demand(!existsSync(join(root, 'c')), 'delete --force has left it');
    }
  }
}

function verb(words, scratch, options = {}) {
  return run(sanitized, ['--oci', bundle, ...words], {
    timeout: patienceMs,
    cwd: scratch,
    env: {
      PATH: process.env.PATH,
      MINICONTAINER_NODE: process.execPath,
      XDG_RUNTIME_DIR: scratch,
      // What a process holds when it ends is not lost, and the keeper is not to be looked into.
      ASAN_OPTIONS: 'detect_leaks=0',
    },
    ...options,
  });
}

function quiet({status, signal, stdout, stderr, error}) {
  const said = `${stdout}${stderr}`.slice(-4000);
  demand(status !== null, `ended by ${signal ?? error}\n${said}`);
  demand(!/Sanitizer|runtime error/.test(said), said);
  demand(status === 0 || status === 1, `ended with ${status}\n${said}`);
  return {status, stdout, stderr};
}

function live(scratch) {
  const id = basename(scratch);
  const directory = makeBundle(scratch);
  const oci = (words, options) =>
    quiet(verb(['--root', join(scratch, 'root'), ...words], scratch, options));
  const ok = (words) => {
    // A container keeps the streams that it was made with.
    const {status, stdout, stderr} = oci(words, {
      stdio: [
        'ignore',
        words[0] === 'create' ? 'ignore' : 'pipe',
        words[0] === 'create' ? 'ignore' : 'pipe',
      ],
    });
    demand(status === 0, `${words[0]} ended with ${status}: ${stderr}`);
    return stdout;
  };
  ok(['create', '--bundle', directory, id]);
  demand(JSON.parse(ok(['state', id])).status === 'created', 'it is not created');
  ok(['start', id]);
  demand(oci(['start', id]).status === 1, 'it can be started twice');
  demand(JSON.parse(ok(['state', id])).status === 'running', 'it does not run');
  demand(oci(['delete', id]).status === 1, 'it can be deleted while it runs');
  ok(['kill', id, 'TERM']);
  ok(['kill', '--all', id, 'KILL']);
  ok(['delete', '--force', id]);
  ok(['create', '--bundle', directory, id]);
  ok(['delete', id]);
  const left = readdirSync(join(scratch, 'root'));
  demand(left.length === 0, `left: ${left}`);
}

function makeBundle(scratch) {
  const directory = join(scratch, 'bundle');
  for (const name of ['bin', 'proc', 'dev'])
    mkdirSync(join(directory, 'rootfs', name), {recursive: true});
  cpSync('/bin/busybox', join(directory, 'rootfs/bin/busybox'));
  symlinkSync('busybox', join(directory, 'rootfs/bin/sleep'));
  const types = ['pid', 'mount', 'ipc', 'uts'];
  writeFileSync(
    join(directory, 'config.json'),
    JSON.stringify({
      ociVersion: '1.0.2',
      root: {path: 'rootfs'},
      process: {cwd: '/', args: ['/bin/sleep', '100'], user: {uid: 0, gid: 0}},
      mounts: [{destination: '/proc', type: 'proc', source: 'proc'}],
      linux: {namespaces: types.map((type) => ({type}))},
    }),
  );
  must(0, 'test', ['-f', bundle]);
  return directory;
}
