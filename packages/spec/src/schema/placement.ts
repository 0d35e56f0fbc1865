import Type from 'typebox';
import {idList, line, name} from './text.ts';

export const intelRdt = Type.Object({
  closID: Type.Optional(name),
  schemata: Type.Optional(Type.Array(line)),
  l3CacheSchema: Type.Optional(line),
  memBwSchema: Type.Optional(
    Type.String({pattern: '^MB:[^\\u0000\\n]*$', title: 'a line that begins with "MB:"'}),
  ),
  enableMonitoring: Type.Optional(Type.Boolean()),
  enableCMT: Type.Optional(Type.Boolean()),
  enableMBM: Type.Optional(Type.Boolean()),
});

export const memoryPolicy = Type.Object({
  mode: Type.Enum([
    'MPOL_DEFAULT',
    'MPOL_BIND',
    'MPOL_INTERLEAVE',
    'MPOL_WEIGHTED_INTERLEAVE',
    'MPOL_PREFERRED',
    'MPOL_PREFERRED_MANY',
    'MPOL_LOCAL',
  ]),
  nodes: Type.Optional(idList),
  flags: Type.Optional(
    Type.Array(
      Type.Enum(['MPOL_F_NUMA_BALANCING', 'MPOL_F_RELATIVE_NODES', 'MPOL_F_STATIC_NODES']),
    ),
  ),
});
