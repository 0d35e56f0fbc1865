/** A call that i386 also makes through another one: which, and as what first argument. */
export interface Multiplexed {
  readonly through: 'socketcall' | 'ipc';
  readonly call: number;
}

// linux/net.h and linux/ipc.h: the place in the list is the number.
const socketcall =
  'socket bind connect listen accept getsockname getpeername socketpair send recv sendto recvfrom ' +
  'shutdown setsockopt getsockopt sendmsg recvmsg accept4 recvmmsg sendmmsg';
const ipc = {
  semop: 1,
  semget: 2,
  semctl: 3,
  semtimedop: 4,
  msgsnd: 11,
  msgrcv: 12,
  msgget: 13,
  msgctl: 14,
  shmat: 21,
  shmdt: 22,
  shmget: 23,
  shmctl: 24,
};

/** What i386 calls through `socketcall` and `ipc`. @see socketcall(2), ipc(2) */
export const multiplexed: ReadonlyMap<string, Multiplexed> = new Map([
  ...socketcall
    .split(' ')
    .map((name, index): [string, Multiplexed] => [name, {through: 'socketcall', call: index + 1}]),
  ...Object.entries(ipc).map(([name, call]): [string, Multiplexed] => [
    name,
    {through: 'ipc', call},
  ]),
]);
