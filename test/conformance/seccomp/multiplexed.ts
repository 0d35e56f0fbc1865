// linux/net.h, linux/ipc.h: the calls in order; a number before one says where it stands.
const calls = {
  socketcall:
    '1 socket bind connect listen accept getsockname getpeername socketpair send recv sendto ' +
    'recvfrom shutdown setsockopt getsockopt sendmsg recvmsg accept4 recvmmsg sendmmsg',
  ipc: '1 semop semget semctl semtimedop 11 msgsnd msgrcv msgget msgctl 21 shmat shmdt shmget shmctl',
};

/** What i386 also calls through `socketcall` or `ipc`, and as what first argument. */
export const through: Readonly<Record<string, readonly [string, bigint]>> = Object.fromEntries(
  Object.entries(calls).flatMap(([call, words]) => {
    let next = 0;
    return words.split(' ').flatMap((word): [string, [string, bigint]][] => {
      const number = Number(word);
      if (number > 0) {
        next = number;
        return [];
      }
      next += 1;
      return [[word, [call, BigInt(next - 1)]]];
    });
  }),
);
