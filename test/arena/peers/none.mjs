/** The command itself, in no container: the floor under every tool.
 * @type {import('../arena.mjs').Peer} */
export const none = {
  name: 'no container',
  open: async ({rootfs}) => ({
    version: '',
    argv: ([command = '', ...rest]) => [`${rootfs}${command}`, ...rest],
  }),
};
