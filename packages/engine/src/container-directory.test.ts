import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {flock} from '@minicontainer/syscalls';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {
  abandonedDirectories,
  type ContainerDirectory,
  createContainerDirectory,
  discardContainerDirectory,
  explainState,
  writeContainerFile,
} from './container-directory.ts';

vi.mock('@minicontainer/syscalls', {spy: true});

let state = '';
let open: number[] = [];

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'minicontainer-state-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  for (const fd of open) closeSync(fd);
  open = [];
  rmSync(state, {recursive: true});
});

function create(): ContainerDirectory {
  const made = createContainerDirectory(state);
  open.push(made.lock);
  return made;
}

/** As the kernel does when whoever held it is killed. */
function die({lock}: ContainerDirectory): void {
  open = open.filter((fd) => fd !== lock);
  closeSync(lock);
}

function abandoned(): string[] {
  return [...abandonedDirectories(state)].map(({id, lock}) => {
    open.push(lock);
    return id;
  });
}

describe('the directory of a container', () => {
  test('is for its owner alone, and named by an id that nobody guesses', () => {
    const {id, path} = create();
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(path).toBe(join(state, 'containers', id));
    for (const directory of [path, dirname(path)]) {
      expect(statSync(directory).mode & 0o777).toBe(0o700);
    }
    expect(create().id).not.toBe(id);
  });

  test('holds files that are complete and private', () => {
    const made = create();
    const file = writeContainerFile(made, 'config.json', '{}');
    expect(file).toBe(join(made.path, 'config.json'));
    expect(readFileSync(file, 'utf8')).toBe('{}');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(codeOf(() => writeContainerFile(made, 'config.json', 'again'))).toBe('ESTATE');
    expect(readFileSync(file, 'utf8')).toBe('{}');
  });

  test('is gone without a trace when its run never began', () => {
    const made = createContainerDirectory(state);
    writeContainerFile(made, 'plan', 'x');
    discardContainerDirectory(made);
    expect(readdirSync(join(state, 'containers'))).toEqual([]);
  });

  test('is another one, where a sweep took it away before it was locked', () => {
    vi.mocked(flock).mockImplementationOnce(() => {
      const containers = join(state, 'containers');
      for (const id of readdirSync(containers)) rmSync(join(containers, id), {recursive: true});
      return true;
    });
    expect(existsSync(join(create().path, 'lock'))).toBe(true);
  });

  test('cannot be made where the state is no directory, which is said and leaves nothing', () => {
    writeFileSync(join(state, 'containers'), '');
    expect(codeOf(() => createContainerDirectory(state))).toBe('ESTATE');
    expect(readdirSync(state)).toEqual(['containers']);
  });
});

describe('a sweep', () => {
  test('passes over containers that run', () => {
    create();
    expect(abandoned()).toEqual([]);
  });

  test('takes what a killed run has left, once', () => {
    const [running, killed] = [create(), create()];
    die(killed);
    expect(abandoned()).toEqual([killed.id]);
    // It holds the lock now.
    expect(abandoned()).toEqual([]);
    expect(existsSync(running.path)).toBe(true);
  });

  test('leaves a directory without a lock alone while it may be being made', () => {
    const path = join(state, 'containers', 'new');
    mkdirSync(path, {recursive: true});
    expect(abandoned()).toEqual([]);
    const long = new Date(Date.now() - 120_000);
    utimesSync(path, long, long);
    expect(abandoned()).toEqual(['new']);
  });

  test('finds nothing where nothing was ever run', () => {
    expect(abandoned()).toEqual([]);
  });

  test('passes over what is no directory, and what it may not open', () => {
    mkdirSync(join(state, 'containers', 'odd', 'lock'), {recursive: true});
    writeFileSync(join(state, 'containers', 'file'), '');
    expect(abandoned()).toEqual([]);
  });
});

describe('an error of the state directory', () => {
  test.each([
    ['ENOSPC', /MINICONTAINER_ROOT/],
    ['EDQUOT', /quota/],
    ['EROFS', /read-only/],
    ['EACCES', /yours/],
  ])('%s says what to do', (code, hint) => {
    const cause = Object.assign(new Error(code), {code, syscall: 'open'});
    const error = explainState(cause, '/state');
    expect(error).toMatchObject({
      code: 'ESTATE',
      message: `cannot keep a container at /state: ${code}`,
      hint: expect.stringMatching(hint),
      cause,
    });
  });

  test('is told from any other', () => {
    const [bug, ours] = [new TypeError('x'), new MinicontainerError('EUSER', 'x')];
    expect(explainState(bug, '/state')).toBe(bug);
    expect(explainState(ours, '/state')).toBe(ours);
  });
});

test('a lock is held by whoever has the file open, in any process', () => {
  const {path, lock} = create();
  const again = openSync(join(path, 'lock'), 'r+');
  open.push(again);
  expect(flock(again, 'exclusive')).toBe(false);
  open = open.filter((fd) => fd !== lock);
  closeSync(lock);
  expect(flock(again, 'exclusive')).toBe(true);
});

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof MinicontainerError) return error.code;
    throw error;
  }
  return undefined;
}
