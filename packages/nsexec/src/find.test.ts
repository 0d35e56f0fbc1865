import {accessSync} from 'node:fs';
import {createRequire} from 'node:module';
import {MinicontainerError} from '@minicontainer/errors';
import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest';
import {findNsexec} from './find.ts';

vi.mock('node:fs', {spy: true});
vi.mock('node:module', {spy: true});

const platformPackage = `@minicontainer/nsexec-${process.platform}-${process.arch}`;
const workspaceBuild = expect.stringMatching(/\/native\/nsexec\/build\/nsexec$/);
const packaged = `/node_modules/${platformPackage}/bin/nsexec`;

/** Paths that can be executed, by how they end. */
let executable: string[] = [];
let installed = true;

beforeEach(() => {
  vi.mocked(accessSync).mockImplementation((path) => {
    if (!executable.some((end) => String(path).endsWith(end))) throw new Error('EACCES');
  });
  vi.mocked(createRequire).mockImplementation(
    () =>
      ({
        resolve: (name: string) => {
          if (installed) return `/node_modules/${name}`;
          throw new Error('MODULE_NOT_FOUND');
        },
      }) as NodeJS.Require,
  );
});

afterEach(() => {
  vi.restoreAllMocks();
  [executable, installed] = [[], true];
});

function failure(environment: NodeJS.ProcessEnv): MinicontainerError {
  try {
    findNsexec(environment);
  } catch (error) {
    if (error instanceof MinicontainerError) return error;
    throw error;
  }
  throw new Error('it was found');
}

describe('nsexec is', () => {
  test('what the environment names, before all else', () => {
    executable = ['/mine', 'build/nsexec', packaged];
    expect(findNsexec({MINICONTAINER_NSEXEC: '/mine'})).toBe('/mine');
  });

  test('the build of the workspace, before what is installed', () => {
    executable = ['native/nsexec/build/nsexec', packaged];
    expect(findNsexec({})).toEqual(workspaceBuild);
  });

  test('in the package for this platform', () => {
    executable = [packaged];
    expect(findNsexec({})).toBe(packaged);
  });
});

describe('where there is none, the error says so', () => {
  test('for the environment, which is never passed over', () => {
    executable = ['build/nsexec', packaged];
    expect(failure({MINICONTAINER_NSEXEC: '/not/there'})).toMatchObject({
      code: 'ENSEXEC',
      exitCode: 125,
      message: 'MINICONTAINER_NSEXEC names /not/there, which cannot be executed',
    });
    expect(failure({MINICONTAINER_NSEXEC: ''}).message).toContain('MINICONTAINER_NSEXEC');
  });

  test.each([
    ['left out by npm', false],
    ['without its execute bit', true],
  ])('for a package that was %s', (_, present) => {
    installed = present;
    const {code, message, hint} = failure({});
    expect(code).toBe('ENSEXEC');
    expect(message).toContain(`${process.platform}-${process.arch}`);
    expect(message).toContain(platformPackage);
    expect(message).toContain('workspace build');
    expect(hint).toContain('--omit=optional');
    expect(hint).toContain('MINICONTAINER_NSEXEC=');
  });
});
