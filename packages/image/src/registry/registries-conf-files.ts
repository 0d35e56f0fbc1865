import {readdirSync, readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import {type RegistryRule, readRegistryRules} from './registries-conf.ts';

/**
 * The rules for registries of this machine and user: registries.conf and its registries.conf.d, as
 * podman, buildah and skopeo read them. A later file's rule for a prefix takes an earlier one's place.
 *
 * @throws {MinicontainerError} `ECONFIG` for a file that cannot be read or understood
 * @see containers-registries.conf(5)
 */
export async function loadRegistryRules(
  env: NodeJS.ProcessEnv = process.env,
): Promise<RegistryRule[]> {
  const rules = new Map<string, RegistryRule>();
  for (const path of registriesConfPaths(env)) {
    const content = readIfThere(path);
    // The usual file is a page of comments.
    if (content === undefined || !/^\s*\[/m.test(content)) continue;
    for (const rule of readRegistryRules(await parseToml(content, path), path)) {
      rules.set(rule.prefix, rule);
    }
  }
  return [...rules.values()];
}

function registriesConfPaths(env: NodeJS.ProcessEnv): string[] {
  if (env.CONTAINERS_REGISTRIES_CONF) return [env.CONTAINERS_REGISTRIES_CONF];
  const own = join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config'), 'containers');
  const system = '/etc/containers';
  const main = readIfThere(join(own, 'registries.conf')) === undefined ? system : own;
  return [
    join(main, 'registries.conf'),
    ...dropIns(join(system, 'registries.conf.d')),
    ...dropIns(join(own, 'registries.conf.d')),
  ];
}

function dropIns(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.conf'));
    return names.sort().map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new MinicontainerError('ECONFIG', `cannot read ${path}: ${code}`, {cause: error});
  }
}

async function parseToml(content: string, path: string): Promise<unknown> {
  const {parse} = await import('smol-toml');
  try {
    return parse(content);
  } catch (error) {
    const [reason = ''] = error instanceof Error ? error.message.split('\n') : [];
    throw new MinicontainerError('ECONFIG', `cannot read ${path}: ${reason}`, {
      hint: 'it is TOML: containers-registries.conf(5)',
      cause: error,
    });
  }
}
