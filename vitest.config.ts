import {defineConfig} from 'vitest/config';

// Packages of the workspace resolve to their sources, so that no test waits for a build.
const conditions = ['development', 'module', 'node', 'import', 'default'];

/** They change modules for themselves, which other files of one process would see. */
const mocking = [
  'packages/engine/src/container-directory.test.ts',
  'packages/engine/src/doctor/doctor.test.ts',
  'packages/nsexec/src/find.test.ts',
];
const unit = suite(
  'unit',
  ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'scripts/**/*.test.mjs'],
  10_000,
);

function suite(
  name: string,
  include: readonly string[],
  timeoutMs: number,
  globalSetup: readonly string[] = [],
  setupFiles: readonly string[] = [],
) {
  return {
    extends: true as const,
    test: {
      name,
      include: [...include],
      globalSetup: [...globalSetup],
      setupFiles: [...setupFiles],
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
    },
  };
}

export default defineConfig({
  resolve: {conditions},
  ssr: {resolve: {conditions}},
  test: {
    projects: [
      // A process for each of so many small files takes longer than their tests.
      {...unit, test: {...unit.test, isolate: false, exclude: mocking}},
      suite('unit-mocking', mocking, 10_000),
      suite('workspace', ['test/workspace/**/*.test.ts'], 120_000, ['test/workspace/built.ts']),
      suite('conformance', ['test/conformance/**/*.test.ts'], 60_000),
      suite('peers', ['test/peers/**/*.test.ts'], 120_000, ['test/e2e/harness/install.ts']),
      suite(
        'e2e',
        ['test/e2e/**/*.test.ts'],
        60_000,
        ['test/e2e/harness/install.ts'],
        ['test/e2e/harness/setup.ts'],
      ),
      suite(
        'terminal',
        ['test/terminal/**/*.test.ts'],
        60_000,
        ['test/e2e/harness/install.ts'],
        ['test/e2e/harness/setup.ts', 'test/terminal/setup.ts'],
      ),
      suite(
        'failures',
        ['test/failures/**/*.test.ts'],
        120_000,
        ['test/e2e/harness/install.ts'],
        ['test/e2e/harness/setup.ts'],
      ),
      suite(
        'security',
        ['test/security/**/*.test.ts'],
        120_000,
        ['test/e2e/harness/install.ts', 'test/security/harness/setup-mutants.ts'],
        ['test/e2e/harness/setup.ts', 'test/security/harness/setup-watch.ts'],
      ),
      suite('engines', ['test/engines/**/*.test.ts'], 120_000, ['test/e2e/harness/install.ts']),
      suite('oci', ['test/oci/**/*.test.ts'], 60_000, ['test/e2e/harness/install.ts']),
      suite(
        'images',
        ['test/images/**/*.test.ts'],
        60_000,
        ['test/e2e/harness/install.ts', 'test/images/harness/fixtures.ts'],
        ['test/images/harness/setup.ts'],
      ),
      suite('vm', ['test/vm/first-guest/*.test.ts'], 10_000, ['test/vm/first-guest/setup.ts']),
      suite('vm-systemd', ['test/vm/second-guest/*.test.ts'], 10_000, [
        'test/vm/second-guest/setup.ts',
      ]),
      suite('publish', ['test/publish/**/*.test.ts'], 300_000, ['test/workspace/built.ts']),
    ],
  },
});
