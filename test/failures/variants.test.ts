import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {operations} from '@minicontainer/plan';
import {describe, expect, test} from 'vitest';
import {describeRoot, type Person, people} from '../e2e/harness/people.ts';
import {roomOf} from '../e2e/harness/room.ts';
import {give, makeSystem} from '../e2e/harness/system.ts';
import {forgetImages, imageOf} from './image.ts';
import {notifyingFlags} from './listening.ts';
import {listOperations} from './rehearsal.ts';
import {checkFailures, knownFrom} from './reported.ts';

/** Flags that bring operations with them, and for whom. */
const variants: readonly {
  readonly what: string;
  readonly flags: (person: Person) => readonly string[];
  readonly ids?: Person['ids'];
}[] = [
  {
    what: 'a read-only root, mounts, a user, an init and a terminal',
    flags: ({name, uid, gid}) => [
      ...['--read-only', '--tmpfs', '/mnt', '-v', '/etc:/srv/etc:ro', '-u', 'nobody', '-w', '/tmp'],
      ...[
        '-v',
        '/etc/hostname:/srv/name:ro',
        '--hostname',
        `${name}-${uid}-${gid}`,
        '--init',
        '-t',
      ],
    ],
  },
  {
    what: 'names, a sysctl and a mask',
    flags: ({ids}) => [
      ...['--domainname', 'x', '--sysctl', 'net.ipv4.ip_forward=1', '--umask', '027'],
      ...['--tmpfs', '/etc/skel:tmpcopyup'],
      ...(ids === 'single' ? [] : ['--group-add', 'tty']),
    ],
  },
  {
    what: 'processes, queues and names of the host',
    flags: () => ['--pid', 'host', '--ipc', 'host', '--uts', 'host'],
  },
  {
    what: 'limits, and no new privileges',
    flags: () => ['--ulimit', 'nofile=40', '--security-opt', 'no-new-privileges'],
  },
  {
    what: 'a device',
    flags: () => ['--device', '/dev/full:/dev/mine'],
  },
  {
    what: 'a network by its path',
    flags: () => ['--network', 'ns:/proc/self/ns/net'],
    ids: 'shifted',
  },
  {what: 'the network of the host', flags: () => ['--network', 'host']},
  {what: 'a directory as root', flags: (person) => ['--rootfs', makeSystem(person)]},
  {
    what: 'a layer over a directory',
    flags: (person) => ['--rootfs', `${makeSystem(person, 'layered')}:O`],
  },
  {what: 'an image', flags: (person) => [imageOf(person)]},
  {what: 'a filter that notifies', flags: notifyingFlags},
  {what: 'the ids of the host', flags: () => ['--userns', 'host'], ids: 'shifted'},
  {what: 'privileges', flags: () => ['--privileged'], ids: 'shifted'},
  {
    what: 'mounts whose owners are shifted, and one whose owners change',
    flags: (person) => {
      const own = sourceOf(person);
      const idmaps = ['idmap', 'idmap=uids=0-1000-1'].flatMap((option, index) => [
        '-v',
        `${own}:/srv/${index}:${option}`,
      ]);
      return [...idmaps, '-v', `${own}:/srv/own:U`];
    },
    ids: 'shifted',
  },
  {
    what: 'ids of its own, and a mount that is given to them',
    flags: (person) => [
      ...['--userns', 'keep-id:uid=4321,gid=4322'],
      ...['-v', `${sourceOf(person)}:/srv/own:U`],
    ],
    ids: 'subordinate',
  },
];

/** A directory of root's or of the person's with a file in it, made anew for each test. */
function sourceOf(person: Person): string {
  const source = join(roomOf(person).work, 'source');
  mkdirSync(source, {recursive: true});
  writeFileSync(join(source, 'file'), '');
  give(source, person);
  return source;
}

const withoutFlags = {what: undefined, flags: () => [], ids: undefined};

/** What no flag asks for yet, but an OCI configuration may; and what cgroup v2 and systemd are asked for. */
const ofConfigurations = [
  'loadDeviceFilter',
  'setIoPriority',
  'setMemoryPolicy',
  'setPersonality',
  'setScheduler',
  'startScope',
  'useIds',
  'writeOwn',
];

/** What only the plans of the OCI runtime have: test/oci lets those fail. */
const ofRuntime = [
  ...['adoptRestored', 'awaitContainer', 'awaitGate', 'awaitHooks', 'changeRoot', 'detach'],
  ...['enterProcess', 'findCommand', 'giveStreams', 'inheritStreams', 'leaveContainer'],
  ...['lockContainer', 'makeGate', 'moveLink', 'openDirectory', 'openProcess', 'recordContainer'],
  ...['releaseContainer', 'runHook', 'sendTerminal', 'setAffinity', 'writePidFile'],
];

/** What is done on the files of images, by plans without a container: tree-work.test.ts. */
const ofTreeWork = ['measureTree', 'writeTree'];

describeRoot('failures that flags bring with them', () => {
  for (const person of people.filter(({ids}) => ids !== 'single')) {
    describe.skipIf(!person.exists)(`as ${person.name}`, () => {
      const possible = variants.filter(({ids}) => ids === undefined || ids === person.ids);
      test.each(possible)('$what: each is told, and nothing is left', async ({flags}) => {
        const known = await knownFrom(person, ['/bin/true']);
        try {
          await checkFailures(person, [...flags(person), '/bin/true'], known);
        } finally {
          forgetImages(person);
        }
      });
    });
  }

  test.skipIf(people.some(({exists}) => !exists))(
    'with those of a run without flags they are all operations that flags can ask for',
    async () => {
      const listed = new Set<string>();
      for (const person of people) {
        for (const {what, flags, ids} of [withoutFlags, ...variants]) {
          // A single id cannot have all of them, and adds nothing but to a run without flags.
          if (person.ids === 'single' ? what !== undefined : ids && ids !== person.ids) continue;
          const found = await listOperations(person, [...flags(person), '/bin/true']);
          for (const {op} of found) listed.add(op);
        }
        forgetImages(person);
      }
      const missing = Object.keys(operations).filter((op) => !listed.has(op));
      expect(missing.sort()).toEqual([...ofConfigurations, ...ofRuntime, ...ofTreeWork].sort());
    },
  );
});
