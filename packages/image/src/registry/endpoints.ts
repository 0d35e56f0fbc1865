import {MinicontainerError} from '@minicontainer/errors';
import type {MirrorRule, RegistryRule} from './registries-conf.ts';

/** A repository as an image's name has it: `docker.io`, `library/debian`. */
export interface RepositoryName {
  /** `host` or `host:port` */
  readonly registry: string;
  readonly repository: string;
}

/** Where a repository's content is asked for: the registry itself, or a mirror of it. */
export interface Endpoint extends RepositoryName {
  readonly isMirror: boolean;
  /** Its certificate is not looked at, and plain http will do. */
  readonly insecure: boolean;
  readonly pulls: MirrorRule['pulls'];
}

/**
 * Where to ask for a repository, in order: the mirrors, then the registry's own location.
 *
 * @throws {MinicontainerError} `EREGISTRY` when registries.conf blocks it
 */
export function endpointsOf(name: RepositoryName, rules: readonly RegistryRule[]): Endpoint[] {
  const rule = ruleFor(name, rules);
  if (rule === undefined) return [primary(name, false)];
  if (rule.blocked) {
    throw new MinicontainerError(
      'EREGISTRY',
      `${name.registry}/${name.repository} is blocked: registries.conf says so for ${rule.prefix}`,
      {hint: 'see /etc/containers/registries.conf and its registries.conf.d'},
    );
  }
  const location = rule.location === '' ? name : rewrite(name, rule.prefix, rule.location);
  return [
    ...rule.mirrors.map(
      (mirror): Endpoint => ({
        ...rewrite(name, rule.prefix, mirror.location),
        isMirror: true,
        insecure: mirror.insecure,
        pulls: mirror.pulls,
      }),
    ),
    primary(location, rule.insecure),
  ];
}

function primary(name: RepositoryName, insecure: boolean): Endpoint {
  const {registry, repository} = name;
  return {registry, repository, isMirror: false, insecure, pulls: 'all'};
}

/** The rule with the longest prefix; a prefix ends where a part of the name does. */
function ruleFor(name: RepositoryName, rules: readonly RegistryRule[]): RegistryRule | undefined {
  return rules
    .filter(({prefix}) => matches(name, prefix))
    .sort((left, right) => right.prefix.length - left.prefix.length)[0];
}

function matches({registry, repository}: RepositoryName, prefix: string): boolean {
  if (prefix.startsWith('*.')) return registry.replace(/:\d+$/, '').endsWith(prefix.slice(1));
  const full = `${registry}/${repository}`;
  return full === prefix || full.startsWith(`${prefix}/`);
}

function rewrite(name: RepositoryName, prefix: string, location: string): RepositoryName {
  const replaced = prefix.startsWith('*.') ? name.registry : prefix;
  const full = `${location}${`${name.registry}/${name.repository}`.slice(replaced.length)}`;
  const slash = full.indexOf('/');
  if (slash < 0) return {registry: full, repository: name.repository};
  return {registry: full.slice(0, slash), repository: full.slice(slash + 1)};
}
