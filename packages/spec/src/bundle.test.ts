import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';
import {describe, expect, it} from 'vitest';

describe('the package in a bundle', () => {
  it('has no schema library behind its main entry', async () => {
    const inputs = await inputsOf('./index.ts');
    expect(inputs).toContainEqual(expect.stringContaining('builder/build.ts'));
    expect(inputs.filter((path) => /typebox|schema\//.test(path))).toEqual([]);
  });

  it('validates without it', async () => {
    const inputs = await inputsOf('./schema/validate.ts');
    expect(inputs).toContainEqual(expect.stringContaining('schema/forms.ts'));
    expect(inputs.filter((path) => path.includes('typebox'))).toEqual([]);
  });

  it('has it behind ./schema', async () => {
    expect(await inputsOf('./schema/index.ts')).toContainEqual(expect.stringContaining('typebox'));
  });
});

async function inputsOf(entry: string): Promise<string[]> {
  const {metafile} = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    conditions: ['development'],
    platform: 'node',
    format: 'esm',
    metafile: true,
    write: false,
  });
  return Object.keys(metafile.inputs);
}
