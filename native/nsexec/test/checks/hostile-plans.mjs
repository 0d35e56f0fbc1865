// Bytes that are no plan, one kind each: refused with 125 before anything is done, by the program as
// it is published and by the one with sanitizers.
import {closeSync, existsSync, openSync, writeFileSync} from 'node:fs';
import {constants} from 'node:os';
import {join} from 'node:path';
import {plans} from '../plan-bytes.mjs';
import {demand, must, program, run, sanitized, withScratch} from '../tools.mjs';

const headerBytes = 32;
const recordHeaderBytes = 16;
const all = 0xffffffff;

/** What each does to the bytes of a plan; `at` finds a record in it, `fields` where its fields begin. */
const mutations = {
  'nothing at all': () => Buffer.alloc(0),
  'a header cut short': ({bytes}) => bytes.subarray(0, headerBytes - 1),
  'no records behind the header': ({bytes}) => bytes.subarray(0, headerBytes),
  'another magic number': ({bytes}) => put32(bytes, 0, 0x31504350),
  'another version': ({bytes}) => put32(bytes, 4, bytes.readUInt32LE(4) + 1),
  'more records than can be': ({bytes}) => put32(bytes, 8, all),
  'one record more than there is': ({bytes}) => put32(bytes, 8, bytes.readUInt32LE(8) + 1),
  'one record less than there is': ({bytes}) => put32(bytes, 8, bytes.readUInt32LE(8) - 1),
  'records longer than the file': ({bytes}) => put32(bytes, 12, all - 7),
  'records that end in the notes': ({bytes}) => put32(bytes, 12, bytes.readUInt32LE(12) + 8),
  'records that end too early': ({bytes}) => put32(bytes, 12, bytes.readUInt32LE(12) - 8),
  'more slots than there are': ({bytes}) => put32(bytes, 16, 257),
  'no slots': ({bytes}) => put32(bytes, 16, 0),
  'one slot less than is used': ({bytes}) => put32(bytes, 16, bytes.readUInt32LE(16) - 1),
  'a record of no length': ({bytes, at}) => put32(bytes, at('cloneKeeper'), 0),
  'a record of its header alone': ({bytes, at}) => put32(bytes, at('execute'), recordHeaderBytes),
  'a record shorter than its header': ({bytes, at}) => put32(bytes, at('execute'), 8),
  'a record of an odd length': ({bytes, at}) => add32(bytes, at('execute'), 1),
  'a record that takes the next for its own': ({bytes, at}) => add32(bytes, at('execute'), 16),
  'a record beyond the end': ({bytes, at}) => put32(bytes, at('execute'), all - 7),
  'an operation of another version': ({bytes, at}) => add32(bytes, at('execute') + 12, 1),
  'operation 0': ({bytes, at}) => put16(bytes, at('supervise') + 4, 0),
  'an operation that is in no table': ({bytes, at}) => put16(bytes, at('supervise') + 4, 999),
  'operation 65535': ({bytes, at}) => put16(bytes, at('supervise') + 4, 0xffff),
  'an operation in a stage not its own': ({bytes, at}) => put8(bytes, at('pivotRoot') + 6, 4),
  'a stage that is none': ({bytes, at}) => put8(bytes, at('supervise') + 6, 14),
  'stage 255': ({bytes, at}) => put8(bytes, at('supervise') + 6, 255),
  'stages in another order': ({bytes, at}) => swap(bytes, at('pivotRoot'), at('execute')),
  'more errnos than there is room': ({bytes, at}) => put8(bytes, at('execute') + 7, 255),
  'errnos where none are': ({bytes, at}) => put8(bytes, at('supervise') + 7, 1),
  'an else past the end': ({bytes, at}) => put16(bytes, at('execute') + 8, 0xffff),
  'an else of the last record': ({bytes, at}) => put16(bytes, at('removeTree') + 8, 1),
  'a field too many': ({bytes, at}) => grow(bytes, at('supervise')),
  'a string without its NUL': ({bytes, fields}) => put8(bytes, fields('setHostname') + 11, 65),
  'a NUL inside of a string': ({bytes, fields}) => put8(bytes, fields('setHostname') + 9, 0),
  'two strings for one': ({bytes, fields}) => put32(bytes, fields('setHostname'), 2),
  'no string for one': ({bytes, fields}) => put32(bytes, fields('setHostname'), 0),
  'a string of no length': ({bytes, fields}) => put32(bytes, fields('setHostname') + 4, 0),
  'a string longer than its record': ({bytes, fields}) =>
    put32(bytes, fields('setHostname') + 4, all),
  'a string whose end wraps around': ({bytes, fields}) =>
    put32(bytes, fields('setHostname') + 4, all - 8),
  'more strings than bytes': ({bytes, fields}) => put32(bytes, fields('execute'), all),
  'one string more than there is': ({bytes, fields}) => add32(bytes, fields('execute'), 1),
  'one string less than there is': ({bytes, fields}) => add32(bytes, fields('execute'), -1),
  'more numbers than bytes': ({bytes, fields}) => put32(bytes, fields('useIds') + 16, all),
  'numbers whose length wraps around': ({bytes, fields}) =>
    put32(bytes, fields('useIds') + 16, 0x40000000),
  'a slot past the end': ({bytes, fields}) => put64(bytes, fields('pivotRoot'), 256n),
  'no slot where one is needed': ({bytes, fields}) => put64(bytes, fields('pivotRoot'), -1n),
  'a slot of -2': ({bytes, fields}) => put64(bytes, fields('attachMount') + 8, -2n),
  'the least slot': ({bytes, fields}) => put64(bytes, fields('attachMount'), -(2n ** 63n)),
  'to be put into no slot': ({bytes, fields}) => put64(bytes, fields('cloneOut'), -1n),
};

export const hostilePlanChecks = [
  ...Object.entries(mutations).map(([name, mutate]) => ({
    name: `refuses a plan with ${name}`,
    run: () => refuses(async (plan) => mutate(plan)),
  })),
  {
    name: 'refuses a plan cut off anywhere',
    run: () =>
      withScratch(async (scratch) => {
        const {bytes} = await basePlan();
        const end = headerBytes + bytes.readUInt32LE(12);
        for (let length = 0; length < end; length += 61) {
          expectRefusal(scratch, program, bytes.subarray(0, length));
        }
      }),
  },
  {
    name: 'refuses a plan of more than 16 MiB, a directory, a pipe and a closed descriptor',
    run: () =>
      withScratch(async (scratch) => {
        expectRefusal(scratch, program, Buffer.alloc((16 << 20) + 1), constants.errno.EFBIG);
        for (const script of [
          'exec "$0" --report 4 3 3<.',
          'echo MCP1 | (exec "$0" --report 4 3 3<&0)',
          'exec "$0" --report 4 3 3</dev/null',
        ]) {
          must(125, 'sh', ['-c', script, program], {
            stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
          });
        }
      }),
  },
  {
    name: 'takes the plan that all of these were made from',
    run: () =>
      withScratch(async (scratch) => {
        const {bytes} = await basePlan();
        const {status, report} = perform(scratch, program, bytes);
        demand(status === 125 && /^0 [12] /.test(report), `it reported ${report}`);
      }),
  },
];

async function refuses(mutate) {
  const bytes = await mutate(await basePlan());
  await withScratch((scratch) => {
    expectRefusal(scratch, program, bytes);
    if (existsSync(sanitized)) expectRefusal(scratch, sanitized, bytes);
  });
}

/** Refused by the reader of plans, with nothing of the plan done: it reports no operation of it. */
function expectRefusal(scratch, binary, bytes, errno = constants.errno.EPROTO) {
  const {status, signal, report, stderr} = perform(scratch, binary, bytes);
  demand(
    status === 125 && new RegExp(`^\\d+ ${errno} \\n$`).test(report),
    `${binary}: ended with ${status ?? signal}, reported ${JSON.stringify(report)}\n${stderr}`,
  );
}

function perform(scratch, binary, bytes) {
  const path = join(scratch, 'plan');
  writeFileSync(path, bytes);
  const plan = openSync(path, 'r');
  try {
    const ended = run(binary, ['--report', '4', '3'], {
      stdio: ['ignore', 'pipe', 'pipe', plan, 'pipe'],
      env: {ASAN_OPTIONS: 'detect_leaks=0'},
    });
    return {...ended, report: String(ended.output[4])};
  } finally {
    closeSync(plan);
  }
}

/** With a record of every kind that is wanted; taken, it ends at a mount that is not there. */
async function basePlan() {
  const {encodePlan, operation, operations} = await plans();
  const absent = {root: undefined, path: '/not/there', recursive: false, device: 0n};
  const bytes = encodePlan({
    seal: false,
    operations: [
      operation('prepare', 'openTree', {...absent, to: 'root'}, 'a check'),
      operation('clone', 'cloneKeeper', {flags: 0n}, 'a check'),
      operation(
        'build',
        'attachMount',
        {mount: 'root', root: undefined, target: 'x', file: false, create: false, follow: false},
        'a check',
      ),
      operation('enter', 'pivotRoot', {root: 'root'}, 'a check'),
      operation('enter', 'setHostname', {name: 'box'}, 'a check'),
      operation('enter', 'useIds', {uid: 1, gid: 2, groups: [3, 4, 5]}, 'a check'),
      operation('exec', 'execute', {argv: ['a', 'b'], env: ['C=d'], search: '/e'}, 'a check'),
      operation('ending', 'supervise', {}, 'a check'),
      operation('ending', 'removeTree', {path: '/not/there'}, 'a check'),
    ],
  });
  const at = (name) => findRecord(bytes, operations[name].code);
  const fields = (name) => {
    // Behind the sizes and the padded text of `path`, and three numbers.
    if (name === 'cloneOut') return endOf(bytes, at('openTree')) - 8;
    return at(name) + recordHeaderBytes;
  };
  return {bytes, at, fields};
}

function findRecord(bytes, code) {
  for (let at = headerBytes; at < bytes.length; at = endOf(bytes, at)) {
    if (bytes.readUInt16LE(at + 4) === code) return at;
  }
  throw new Error(`the plan has no operation ${code}`);
}

function endOf(bytes, at) {
  return at + bytes.readUInt32LE(at);
}

function put8(bytes, at, value) {
  bytes.writeUInt8(value, at);
  return bytes;
}

function put16(bytes, at, value) {
  bytes.writeUInt16LE(value, at);
  return bytes;
}

function put32(bytes, at, value) {
  bytes.writeUInt32LE(value, at);
  return bytes;
}

function add32(bytes, at, value) {
  return put32(bytes, at, bytes.readUInt32LE(at) + value);
}

function put64(bytes, at, value) {
  bytes.writeBigInt64LE(value, at);
  return bytes;
}

function swap(bytes, first, second) {
  const [middle, end] = [endOf(bytes, first), endOf(bytes, second)];
  return Buffer.concat([
    bytes.subarray(0, first),
    bytes.subarray(second, end),
    bytes.subarray(middle, second),
    bytes.subarray(first, middle),
    bytes.subarray(end),
  ]);
}

/** Eight bytes more in one record, and in the header's sum. */
function grow(bytes, at) {
  const end = endOf(bytes, at);
  const grown = Buffer.concat([bytes.subarray(0, end), Buffer.alloc(8), bytes.subarray(end)]);
  return add32(add32(grown, at, 8), 12, 8);
}
