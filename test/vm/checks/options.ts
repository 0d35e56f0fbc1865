import assert from 'node:assert/strict';
import {chmodSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type Check, check} from './check.ts';
import {minicontainer, parseFacts, start} from './command.ts';
import type {Person} from './people.ts';

export function options(person: Person): Check[] {
  return [hostNetwork(person), readOnlyRoot(person), terminalAndInit(person)];
}

function hostNetwork(person: Person): Check {
  return check(`${person.name} shares the host's network with --network host`, async () => {
    const script = `
      echo net=$(ls -l /proc/self/ns/net)
      echo interfaces=$(ls /sys/class/net)
      echo servers=$(cat /etc/resolv.conf)
      echo sys=$(mkdir /sys/new 2>&1; echo x 2>&1 >/sys/class/net/lo/mtu)
      echo cgroup=$(mkdir /sys/fs/cgroup/new 2>&1)
      echo other-cgroups=$(cd /sys/fs/cgroup && echo */)`;
    const facts = parseFacts(
      await minicontainer(person, ['run', '--network', 'host', '/bin/bash', '-c', script]),
    );
    const network = readlinkSync('/proc/self/ns/net');
    assert.ok(facts.net?.endsWith(` -> ${network}`), facts.net);
    assert.equal(facts.interfaces, 'lo');
    assert.equal(facts.servers, 'nameserver 192.0.2.1');
    assert.match(facts.sys ?? '', /Read-only file system.*Read-only file system$/);
    assert.match(facts.cgroup ?? '', /Read-only file system$/);
    assert.equal(facts['other-cgroups'], '*/');
  });
}

function readOnlyRoot(person: Person): Check {
  return check(`${person.name} writes nothing but volumes in a --read-only container`, async () => {
    const shared = join(person.home, 'shared');
    const given = join(person.home, 'given');
    for (const directory of [shared, given]) {
      mkdirSync(directory);
      chmodSync(directory, 0o1777);
    }
    writeFileSync(join(given, 'file'), 'given\n');
    const script = `
      for place in / /usr /etc /opt /given; do
        echo $place=$(echo x 2>&1 >$place/new)
      done
      echo given=$(cat /given/file)
      echo out >/shared/out; echo shared=$?
      echo x >/scratch/new; echo scratch=$?`;
    try {
      const facts = parseFacts(
        await minicontainer(person, [
          ...['run', '--read-only', '-v', `${shared}:/shared`, '-v', `${given}:/given:ro`],
          ...['--tmpfs', '/scratch', '/bin/bash', '-c', script],
        ]),
      );
      for (const place of ['/', '/usr', '/etc', '/opt', '/given']) {
        assert.match(facts[place] ?? '', /Read-only file system$/, place);
      }
      assert.equal(facts.given, 'given');
      assert.equal(facts.shared, '0');
      assert.equal(facts.scratch, '0');
      assert.equal(readFileSync(join(shared, 'out'), 'utf8'), 'out\n');
    } finally {
      rmSync(shared, {recursive: true});
      rmSync(given, {recursive: true});
    }
  });
}

function terminalAndInit(person: Person): Check {
  return check(`${person.name} has a terminal, and an init that reaps`, async () => {
    const script =
      'test -t 0 && test -t 1 && echo terminal=$(tty); ' +
      'echo pid=$$; (sleep 0.1 & ); sleep 1; echo zombies=$(ps -o stat | grep -c Z); ' +
      'read -r line; echo typed=$line; exit 7';
    const rootfs = join(person.home, 'system');
    const command = `minicontainer run -t --init --rootfs '${rootfs}:O' sh -c '${script}'`;
    const running = start(person, ['script', '-qec', command, '/dev/null']);
    await Promise.race([running.printed('zombies='), running.result]);
    running.write('hello');
    const {status, stdout, stderr} = await running.result;
    assert.equal(status, 7, stdout + stderr);
    const facts = parseFacts({status: 0, stdout, stderr});
    assert.match(facts.terminal ?? '', /^\/dev\/(pts\/\d+|console)$/);
    assert.notEqual(facts.pid, '1');
    assert.equal(facts.zombies, '0');
    assert.equal(facts.typed, 'hello');
  });
}
