import {expect, test} from 'vitest';
import {describeRoot} from '../../e2e/harness/people.ts';
import {useRoom} from '../harness/room.ts';
import {busybox} from './told.ts';

// Only root can put strace on a create without changing what it may do.
describeRoot('a call that fails', () => {
  const at = useRoom();
  const hook = {path: busybox, args: ['true']};
  const cannot = `the prestart hook ${busybox} cannot be run`;

  // Which call of the supervisor's it is; those before are for its sealed copy, Node and the gate.
  test.each([
    ['memfd_create', 2, 'EMFILE', `${cannot}: EMFILE`],
    ['memfd_create', 3, 'ENOMEM', `${cannot}: ENOMEM`],
    ['setns', 1, 'EPERM', 'cannot move a network device into the container: lo: EPERM'],
    ['setns', 2, 'ENOMEM', 'cannot move a network device into the container: lo: ENOMEM'],
  ])(
    '%s, its number %i with %s, is told, and nothing is left',
    async (call, nth, errno, message) => {
      const {room} = at;
      room.write('true', {
        hooks: {prestart: [hook]},
        linux: {...(call === 'setns' && {netDevices: {lo: {name: 'in0'}}})},
      });
      const log = `${room.path}/strace`;
      const {status, stderr} = await room.launch('strace', [
        ...['-f', '-qq', '-o', log, '-e', `inject=${call}:error=${errno}:when=${nth}`],
        ...room.words(['create', '--bundle', room.bundle, room.id]),
      ]).result;
      expect(stderr).toContain(message);
      expect(status).toBe(1);
      await room.expectNothingLeft();
    },
  );
});
