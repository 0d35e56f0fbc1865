import type {Person} from '../people.ts';

/**
 * As a login over the network has it: PAM makes a session, whose scope is not below the user's manager,
 * and sets XDG_RUNTIME_DIR.
 */
export function loggedIn(person: Person): Person {
  return {...person, name: `logged-in ${person.name}`, through: throughPam(person)};
}

/** In a service of the user's own manager. */
export function inManager(person: Person): Person {
  const service = ['systemd-run', '--user', '--quiet', '--pipe', '--wait', '--collect'];
  return {
    ...person,
    name: `a user service of ${person.name}`,
    through: [...throughPam(person), ...service, '--setenv=PATH', '--same-dir', '--'],
  };
}

/** As root of a user namespace, which is where Podman's commands of a plain user run. */
export function asNestedRoot(person: Person): Person {
  const {through = []} = person;
  return {
    ...person,
    name: `root of a user namespace of ${person.name}`,
    through: [...through, 'unshare', '--map-root-user', '--'],
  };
}

function throughPam({name, home}: Person): string[] {
  return [
    ...['systemd-run', '--quiet', '--pipe', '--wait', '--collect', `--uid=${name}`],
    ...['--property=PAMName=login', `--working-directory=${home}`],
    ...['--setenv=PATH=/srv/bin:/usr/sbin:/usr/bin', '--setenv=TERM=dumb', '--'],
  ];
}
