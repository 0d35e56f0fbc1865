import type {Operation} from '@minicontainer/plan';
import {describe, expect, it} from 'vitest';
import type {Builder} from './contribution.ts';
import {layersBeneath, layersRoot} from './layers.ts';

const base = {diskDirectory: '/state/rw', readOnly: false};
const shifting: Builder = {...base, hostRoot: true, userNamespace: true};
const sharing: Builder = {...base, hostRoot: true, userNamespace: false};
const plain: Builder = {...base, hostRoot: false, userNamespace: true};
const layers = {directory: '/store/snapshots', paths: ['bottom/fs', 'top/fs']};

function root(builder: Builder, more: {root?: string} = {}): readonly Operation[] {
  return layersRoot({...layers, ...more}, builder, {hostname: 'box'}).root;
}

function names(operations: readonly Operation[]): string[] {
  return operations.map(({stage, op}) => `${stage} ${op}`);
}

function overlayOf(operations: readonly Operation[]) {
  const found = operations.find((some) => some.op === 'mountLayers');
  expect.assert(found?.op === 'mountLayers');
  return found.args;
}

describe.each([
  ['root, whose mounts shift owners', shifting, '../shifted'],
  ['root with the ids of the host', sharing, '/store/snapshots'],
  ['a plain user', plain, '/store/snapshots'],
])('layers of %s', (_, builder, prefix) => {
  it('lie on each other, the topmost first, beneath what is written to the disk', () => {
    expect(overlayOf(root(builder))).toEqual({
      directory: 'layers',
      lowers: [`${prefix}/top/fs`, `${prefix}/bottom/fs`],
      options: ['upperdir=../rw/upper', 'workdir=../rw/work', 'userxattr', 'volatile'],
      flags: 4n,
      to: 'root',
    });
  });

  it('say what the root itself is before the overlay is mounted', () => {
    const operations = root(builder, {root: 'bottom/fs'});
    const inherit = operations.findIndex(({op}) => op === 'inheritDirectory');
    expect(operations[inherit]?.args).toEqual({
      ...{from: 'shifted', path: 'bottom/fs', to: 'scratch', place: 'rw/upper'},
    });
    const mount = operations.findIndex(({op}) => op === 'mountLayers');
    const upper = operations.findIndex(
      ({op, args}) => op === 'makeDirectory' && 'path' in args && args.path === 'rw/upper',
    );
    expect(upper).toBeLessThan(inherit);
    expect(inherit).toBeLessThan(mount);
    expect(names(root(builder))).not.toContain('build inheritDirectory');
  });
});

it('are cloned once by root, whose container may not reach them, and shifted when ids are mapped', () => {
  const operations = root(shifting);
  const shifted = operations.filter(({args}) => Object.values(args).includes('shifted'));
  expect(names(shifted)).toEqual([
    'prepare openTree',
    'prepare mountAttributes',
    'attach idmapMount',
    'build makeDirectory',
    'build attachMount',
  ]);
});

it('are cloned by nobody else', () => {
  expect(names(root(plain))).not.toContain('prepare openTree');
  expect(names(root(plain))).not.toContain('attach idmapMount');
});

describe('what a layer lies on', () => {
  it('is the directory itself where there is one', () => {
    expect(names(layersBeneath(['/a/fs']))).toEqual(['keep openPath']);
  });

  it('is an overlay that is read only where there are more', () => {
    const operations = layersBeneath(['/a/fs', '/b/fs']);
    expect(names(operations)).toEqual(['keep makeDirectory', 'keep openPath', 'keep mountLayers']);
    const {lowers, options, flags} = overlayOf(operations);
    expect(lowers).toEqual(['/b/fs', '/a/fs']);
    expect(options).toEqual(['userxattr']);
    expect(flags).toBe(5n);
  });
});
