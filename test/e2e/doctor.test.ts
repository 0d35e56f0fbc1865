import {existsSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {describeEach, type Person} from './harness/people.ts';
import {roomOf} from './harness/room.ts';
import {minicontainer, run, shell} from './harness/run.ts';

interface Finding {
  readonly group: string;
  readonly name: string;
  readonly ok: boolean | 'warn';
  readonly found: string;
  readonly fix?: string;
}

async function examine(person: Person): Promise<Map<string, Finding>> {
  const {stdout} = await minicontainer(['doctor', '--format', 'json'], {as: person});
  const findings: Finding[] = JSON.parse(stdout);
  return new Map(findings.map((finding) => [finding.name, finding]));
}

const disk = readdirSync('/sys/block').find((name) => existsSync(`/dev/${name}`)) ?? 'null';

/** A limit of each controller. */
const limits: Readonly<Record<string, readonly string[]>> = {
  memory: ['--memory', '64m'],
  cpu: ['--cpus', '1'],
  pids: ['--pids-limit', '50'],
  cpuset: ['--cpuset-cpus', '0'],
  io: ['--device-read-bps', `/dev/${disk}:100m`],
};

describeEach('doctor', (person) => {
  it('finds a container that runs, in lines by subject and nothing else', async () => {
    const {status, stdout, stderr} = await minicontainer(['doctor'], {as: person});
    expect({status, stderr}).toEqual({status: 0, stderr: ''});
    expect(stdout).toMatch(/^ok +a container +\/bin\/true ended with 0$/m);
    const [lines = '', fixes = ''] = stdout.split('\nwhat to do\n');
    expect(lines).toMatch(/^([a-z ]+\n((ok|warn|MISSING) .*\n)+\n?)+$/);
    expect(fixes).toMatch(/^([\w /]+:\n {2}\S.*\n)*$/);
  });

  it('names the controllers whose limits can be had, and no others', async () => {
    const findings = await examine(person);
    const named = findings.get('controllers')?.found.split(' ') ?? [];
    for (const [controller, words] of Object.entries(limits)) {
      const {status, stderr} = await run([...words, '/bin/true'], {as: person});
      expect([controller, status, stderr.includes('hint: ')]).toEqual(
        named.includes(controller) ? [controller, 0, false] : [controller, 125, true],
      );
    }
  });

  it('says of limits that there are none what their refusal says', async () => {
    const cgroup = (await examine(person)).get('a cgroup');
    const {status, stderr} = await run(['--memory', '64m', '/bin/true'], {as: person});
    if (status === 0) return expect(cgroup).toMatchObject({ok: true});
    expect(cgroup).toMatchObject({ok: 'warn', fix: /hint: (.*)/.exec(stderr)?.[1]});
  });

  it('counts the ids that a container has', async () => {
    const findings = await examine(person);
    const {stdout} = await run(['/bin/cat', '/proc/self/uid_map'], {as: person});
    const sizes = stdout
      .trim()
      .split('\n')
      .map((line) => Number(line.trim().split(/\s+/)[2]));
    const count = sizes.reduce((sum, size) => sum + size, 0);
    if (person.ids === 'shifted') {
      expect(findings.get('id ranges')?.found).toContain(`${count} ids`);
    } else {
      expect(findings.get('subordinate ids')).toMatchObject({
        ok: person.ids === 'subordinate' ? true : 'warn',
        found: expect.stringMatching(count === 1 ? /^one id / : new RegExp(`^${count} ids`)),
      });
    }
  });

  it('finds that a covered /proc allows no container one of its own', async () => {
    // Each of them, since one that is whole would do.
    const cover = 'mount --bind /dev/null $place/version';
    const {status, stdout} = await besides('proc', cover, 'minicontainer doctor');
    expect(stdout).toMatch(/^MISSING +a new \/proc +EPERM .*\/version is covered$/m);
    expect(stdout).toMatch(/^MISSING +a container /m);
    expect(status).toBe(1);
  });

  it('finds that a read-only /proc allows none either', async () => {
    const close = 'mount -o remount,bind,ro $place';
    const {status, stdout} = await besides('proc', close, 'minicontainer doctor');
    expect(stdout).toMatch(/^MISSING +a new \/proc +EPERM .* is read-only$/m);
    expect(status).toBe(1);
  });

  it.each([
    ['a covered /sys shows containers that of the host', 'mount -t tmpfs x $place/module', false],
    ['a read-only /sys takes nothing away', 'mount -o remount,bind,ro $place', true],
  ])('finds that %s', async (_, change, own) => {
    const ask =
      "minicontainer doctor; echo; minicontainer run /bin/sh -c 'cd /sys/class/net; echo *'";
    const {stdout} = await besides('sysfs', change, ask);
    const verdict = own
      ? 'ok +a new /sys +can be mounted'
      : 'warn +a new /sys +EPERM .*/module is covered';
    expect(stdout).toMatch(new RegExp(`^${verdict}`, 'm'));
    const devices = own ? ['lo'] : readdirSync('/sys/class/net');
    expect(stdout.trim().split('\n').at(-1)?.split(' ')).toEqual(devices.toSorted());
  });

  it('finds that newuidmap gains nothing where nobody may gain privileges', async () => {
    if (person.uid === 0) return;
    const {stdout} = await shell('setpriv --no-new-privs minicontainer doctor', {as: person});
    expect(stdout).toMatch(/^warn +newuidmap +this process has no_new_privs/m);
    const verdict = person.ids === 'subordinate' ? 'MISSING' : 'ok';
    expect(stdout).toMatch(new RegExp(`^${verdict} +a container `, 'm'));
  });

  /** Runs a line in a mount namespace where each mount of a type has been changed. */
  async function besides(type: string, change: string, line: string) {
    const script = join(roomOf(person).work, 'script');
    writeFileSync(
      script,
      `for place in $(findmnt -rno TARGET -t ${type}); do ${change} || exit 99; done\n${line}`,
    );
    const namespaces = person.uid === 0 ? '--mount' : '--user --map-root-user --mount';
    return shell(`unshare ${namespaces} bash ${script}`, {as: person});
  }
});
