/**
 * @param {import('../../arena/arena.mjs').Peer} one
 * @param {import('../../arena/arena.mjs').Peer} other
 * @param {number} [atMost]
 */
export const ratio = (one, other, atMost) => ({
  label: `${one.name} / ${other.name}`,
  of: [one, other],
  compute: (mine = NaN, theirs = NaN) => mine / theirs,
  ...(atMost !== undefined && {atMost}),
});
