import assert from 'node:assert/strict';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {type Check, check} from './check.ts';
import {minicontainer, parseFacts, start} from './command.ts';
import {root} from './people.ts';

/** What only the host's root can start. */
export function rootAlone(): Check[] {
  return [
    check("two containers of root's have different ids, and end by a signal", async () => {
      const script = 'read -r map </proc/self/uid_map; echo $map; echo ready; exec sleep 1000';
      const command = ['minicontainer', 'run', '/bin/bash', '-c', script];
      const both = [start(root, command), start(root, command)];
      await Promise.all(both.map(({printed}) => printed('ready')));
      assert.equal(readdirSync(join(root.state, 'ranges')).length, 2);
      for (const {process} of both) process.kill('SIGTERM');
      const [one, other] = await Promise.all(both.map(({result}) => result));
      assert.equal(one?.status, 143);
      assert.equal(other?.status, 143);
      assert.notEqual(one?.stdout, other?.stdout);
    }),
    check(
      "with --userns host the host's secrets are hidden, and /usr is copied on write",
      async () => {
        const script = `
        read -r map </proc/self/uid_map; echo uids=$map
        echo shadow=$(cat /etc/shadow)
        rm -rf /usr/share/material/tree && mkdir /usr/share/material/tree; echo replace=$?
        echo again=$(ls -A /usr/share/material/tree)`;
        const facts = parseFacts(
          await minicontainer(root, ['run', '--userns', 'host', '/bin/bash', '-c', script]),
        );
        assert.match(facts.uids ?? '', /^0 +0 +4294967295$/);
        assert.equal(facts.shadow, '');
        assert.equal(facts.replace, '0');
        assert.equal(facts.again, '');
        assert.deepEqual(readdirSync('/usr/share/material/tree'), ['deeper', 'file']);
      },
    ),
  ];
}
