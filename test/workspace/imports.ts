import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {dirname, join, normalize} from 'node:path';
import type {WorkspacePackage} from './packages.ts';

export interface Import {
  /** Path in the package, as `src/index.ts`. */
  readonly file: string;
  readonly specifier: string;
  /** Whether the imported file is loaded first: not where only types come from it, or it comes later. */
  readonly eager: boolean;
}

const statement =
  /^[ \t]*(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]/gm;
const call = /\b(?:import|require|import\.meta\.resolve|require\.resolve)\(\s*['"]([^'"]+)['"]/g;

/** Every import in a package's sources; its tests' too. */
export function importsOf({directory}: WorkspacePackage): Import[] {
  return sourceFiles(directory, 'src').flatMap((file) => {
    const text = readFileSync(join(directory, file), 'utf8').replace(/^\s*(?:\/\/|\*).*$/gm, '');
    return [
      ...[...text.matchAll(statement)].map(([, type, specifier = '']) => ({
        file,
        specifier,
        eager: type === undefined,
      })),
      ...[...text.matchAll(call)].map(([, specifier = '']) => ({file, specifier, eager: false})),
    ];
  });
}

export function isTest(file: string): boolean {
  return /\.test(-d)?\.ts$/.test(file);
}

/** `@minicontainer/spec` of `@minicontainer/spec/schema`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The file that a relative import means, as a path in the package. */
export function targetOf({file, specifier}: Import): string {
  return normalize(join(dirname(file), specifier));
}

/** One way round, `a -> b -> a`, for each group of nodes that lead back to themselves. */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles: string[] = [];
  const finished = new Set<string>();
  const visit = (node: string, way: readonly string[]): void => {
    const seen = way.indexOf(node);
    if (seen !== -1) {
      cycles.push([...way.slice(seen), node].join(' -> '));
      return;
    }
    if (finished.has(node)) return;
    for (const next of edges.get(node) ?? []) visit(next, [...way, node]);
    finished.add(node);
  };
  for (const node of edges.keys()) visit(node, []);
  return cycles;
}

function sourceFiles(directory: string, path: string): string[] {
  if (!existsSync(join(directory, path))) return [];
  return readdirSync(join(directory, path), {withFileTypes: true}).flatMap((entry) => {
    const child = join(path, entry.name);
    if (entry.isDirectory()) return sourceFiles(directory, child);
    return entry.name.endsWith('.ts') ? [child] : [];
  });
}
