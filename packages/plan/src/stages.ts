/** The stages in their order, each with the process that runs it. */
export const stages = {
  prepare: {number: 0, process: 'supervisor'},
  clone: {number: 1, process: 'supervisor'},
  attach: {number: 2, process: 'supervisor'},
  keep: {number: 3, process: 'keeper'},
  build: {number: 4, process: 'container'},
  enter: {number: 5, process: 'container'},
  confine: {number: 6, process: 'container'},
  gate: {number: 7, process: 'container'},
  exec: {number: 8, process: 'container'},
  vacate: {number: 9, process: 'keeper'},
  ending: {number: 10, process: 'supervisor'},
} as const;

export type Stage = keyof typeof stages;
