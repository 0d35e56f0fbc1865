import {builtinModules} from 'node:module';
import {describe, expect, test} from 'vitest';
import {findCycles, importsOf, isTest, packageOf, targetOf} from './imports.ts';
import {workspacePackages} from './packages.ts';

const scope = '@minicontainer/';

// Who may import whom: arrows point down only. Everything may import `errors`.
const allowed: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  tar: [],
  spec: [],
  seccomp: ['spec'],
  syscalls: [],
  image: ['tar', 'syscalls'],
  plan: ['spec', 'seccomp'],
  nsexec: ['plan'],
  rootfs: ['spec', 'plan', 'nsexec', 'syscalls', 'tar'],
  cgroups: ['spec', 'plan', 'syscalls'],
  engine: ['spec', 'seccomp', 'plan', 'nsexec', 'rootfs', 'image', 'cgroups', 'syscalls'],
  cli: ['spec', 'plan', 'nsexec', 'rootfs', 'syscalls', 'engine'],
  oci: ['spec', 'plan', 'cgroups', 'engine'],
};

const packages = workspacePackages().filter(({path}) => !path.startsWith('native/'));
const exportsOf = new Map(
  packages.map(({manifest}) => [manifest.name, Object.keys(manifest.exports ?? {})]),
);

test('no package imports, through others, itself', () => {
  const edges = packages.map(({manifest}): [string, string[]] => [
    manifest.name,
    Object.keys({...manifest.dependencies, ...manifest.devDependencies}).filter((name) =>
      name.startsWith(scope),
    ),
  ]);
  expect(findCycles(new Map(edges))).toEqual([]);
});

describe.each(packages)('$path', (workspacePackage) => {
  const {manifest, path} = workspacePackage;
  const shortName = manifest.name.slice(scope.length);
  const imports = importsOf(workspacePackage);
  const bare = imports.filter(({specifier}) => !specifier.startsWith('.') && !isBuiltin(specifier));
  const ours = bare.filter(({specifier}) => specifier.startsWith(scope));

  test('stands in the table of allowed imports', () => {
    expect(Object.keys(allowed)).toContain(shortName);
  });

  test('imports only what lies below it', () => {
    const mayImport = [...(allowed[shortName] ?? []), 'errors'].map((name) => scope + name);
    const upwards = ours.filter(
      ({specifier, file}) => !isTest(file) && !mayImport.includes(packageOf(specifier)),
    );
    expect(upwards).toEqual([]);
  });

  test('imports no other package past its exports', () => {
    const inside = ours.filter(({specifier}) => {
      const name = packageOf(specifier);
      return exportsOf.get(name)?.includes(`.${specifier.slice(name.length)}`) !== true;
    });
    const outOfItself = imports.filter(
      (found) => found.specifier.startsWith('.') && targetOf(found).startsWith('..'),
    );
    expect([...inside, ...outOfItself]).toEqual([]);
  });

  test('declares what it imports', () => {
    const shipped = {...manifest.dependencies, ...manifest.optionalDependencies};
    // An app is bundled: what goes into the bundle is not installed beside it.
    const bundled = path.startsWith('apps/') ? manifest.devDependencies : {};
    const atRuntime = Object.keys({...shipped, ...bundled});
    const inTests = [...atRuntime, ...Object.keys(manifest.devDependencies ?? {}), 'vitest'];
    const undeclared = bare.filter(
      ({specifier, file}) =>
        packageOf(specifier) !== manifest.name &&
        !(isTest(file) ? inTests : atRuntime).includes(packageOf(specifier)),
    );
    expect(undeclared).toEqual([]);
  });

  test('depends on none of ours that it does not import', () => {
    const imported = ours.map(({specifier}) => packageOf(specifier));
    const idle = Object.keys(manifest.dependencies ?? {}).filter(
      (name) => name.startsWith(scope) && !imported.includes(name),
    );
    expect(idle).toEqual([]);
  });

  test('has no files that import each other in a circle', () => {
    const edges = new Map<string, string[]>();
    for (const found of imports) {
      if (!found.eager || !found.specifier.startsWith('.')) continue;
      edges.set(found.file, [...(edges.get(found.file) ?? []), targetOf(found)]);
    }
    expect(findCycles(edges)).toEqual([]);
  });
});

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}
