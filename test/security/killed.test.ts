import {expect, it} from 'vitest';
import {familyOf, kill, survivors} from '../e2e/harness/family.ts';
import {describeEach} from '../e2e/harness/people.ts';
import {nsexecPath, run, start} from '../e2e/harness/run.ts';
import {bash} from '../e2e/harness/words.ts';
import {mutantNsexec} from './harness/source-mutants.ts';

describeEach('a container whose supervisor is killed', (person) => {
  // What payloads try against it is in test/e2e/killed.
  it('ends with it, by the keeper’s death signal', async () => {
    const unwatched = mutantNsexec([
      {file: 'keep.c', from: 'prctl(PR_SET_PDEATHSIG, SIGKILL);', to: '0;'},
      {
        file: 'keep.c',
        from: '\t\t\t\t_exit(125);',
        to: '\t\t\t\twatched[1].fd = -1, message.type = STATUS;',
      },
    ]);
    for (const [nsexec, ends] of [
      [nsexecPath(), true],
      [unwatched, false],
    ] as const) {
      const container = start(['run', ...bash('echo ready; sleep 100')], {
        as: person,
        env: {MINICONTAINER_NSEXEC: nsexec},
      });
      await container.printed('ready');
      const {all, keeper} = familyOf(container.pid);
      container.process.kill('SIGKILL');
      const left = await survivors(all, ends ? 2000 : 300);
      if (!ends) kill(keeper);
      expect(left.length > 0, nsexec).toBe(!ends);
      await survivors(all, 2000);
      expect(await run(['/bin/true'], {as: person})).toMatchObject({status: 0, stderr: ''});
    }
  });
});
