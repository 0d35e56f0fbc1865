/** Node doing nothing: what any tool written for it pays before its first line.
 * @type {import('../../arena/arena.mjs').Peer} */
export const node = {
  name: 'node -e 0',
  open: async () => ({
    version: process.versions.node,
    note: 'no container',
    argv: () => [process.execPath, '-e', '0'],
  }),
};
