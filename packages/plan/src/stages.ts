/**
 * The stages in their order, each with the process that runs it. `hooks` runs while the container waits at
 * the end of `build`; `start` and `started` belong to whoever lets a waiting container go.
 */
export const stages = {
  prepare: {number: 0, process: 'supervisor'},
  clone: {number: 1, process: 'supervisor'},
  attach: {number: 2, process: 'supervisor'},
  keep: {number: 3, process: 'keeper'},
  build: {number: 4, process: 'container'},
  hooks: {number: 5, process: 'supervisor'},
  enter: {number: 6, process: 'container'},
  confine: {number: 7, process: 'container'},
  gate: {number: 8, process: 'container'},
  start: {number: 9, process: 'supervisor'},
  exec: {number: 10, process: 'container'},
  started: {number: 11, process: 'supervisor'},
  vacate: {number: 12, process: 'keeper'},
  ending: {number: 13, process: 'supervisor'},
} as const;

export type Stage = keyof typeof stages;
