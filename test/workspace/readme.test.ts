import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {transformSync} from 'esbuild';
import {describe, expect, test} from 'vitest';
import {root, workspacePackages} from './packages.ts';

const rooms = workspacePackages().filter(({path}) => !path.startsWith('native/'));

describe.each(rooms)('the README of $path', ({directory, path}) => {
  const language = path.startsWith('apps/') ? 'sh' : 'ts';

  test(`has an example in ${language} that does what it says`, () => {
    const readme = readFileSync(join(directory, 'README.md'), 'utf8');
    const example = firstBlock(readme, language);
    const {status, stdout, stderr} =
      language === 'ts' ? runTypeScript(directory, example) : runShell(example);
    expect({status, stderr}).toMatchObject({status: 0});
    const promised = promisedLines(example);
    if (promised.length > 0) expect(stdout.trimEnd().split('\n')).toEqual(promised);
  });
});

function firstBlock(readme: string, language: string): string {
  const block = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(readme)?.[1];
  if (block === undefined) throw new Error(`no example: expected a block of ${language}`);
  return block;
}

/** What stands behind `// prints:` or `# prints:`, a line each. */
function promisedLines(example: string): string[] {
  return [...example.matchAll(/(?:\/\/|#) prints: (.*)$/gm)].map(([, line = '']) => line);
}

/** From within the package, where its own name and those of its dependencies resolve. */
function runTypeScript(directory: string, example: string) {
  const place = mkdtempSync(join(directory, 'dist', 'readme-'));
  try {
    const file = join(place, 'example.mjs');
    const {code} = transformSync(example, {loader: 'ts', format: 'esm', target: 'node20'});
    writeFileSync(file, code);
    return spawnSync(process.execPath, [file], {encoding: 'utf8', timeout: 60_000});
  } finally {
    rmSync(place, {recursive: true, force: true});
  }
}

/** With our commands on PATH, as after `npm install -g`; `npx @minicontainer/cli` means the same. */
function runShell(example: string) {
  const place = mkdtempSync(join(tmpdir(), 'minicontainer-readme-'));
  try {
    symlinkSync(join(root, 'apps/cli/dist/minicontainer.cjs'), join(place, 'minicontainer'));
    symlinkSync(join(root, 'apps/oci/bin/minicontainer-oci'), join(place, 'minicontainer-oci'));
    const script = example.replaceAll(/npx (-y )?@minicontainer\/cli/g, 'minicontainer');
    return spawnSync('bash', ['-euc', script], {
      encoding: 'utf8',
      timeout: 60_000,
      input: '',
      env: {...process.env, PATH: `${place}:${process.env.PATH}`},
    });
  } finally {
    rmSync(place, {recursive: true, force: true});
  }
}
