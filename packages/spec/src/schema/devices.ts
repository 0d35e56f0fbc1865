import Type from 'typebox';
import {limit, uint32} from './numbers.ts';
import {absolutePath} from './text.ts';

export const device = Type.Object({
  type: Type.Enum(['c', 'b', 'u', 'p']),
  path: absolutePath,
  major: Type.Optional(uint32),
  minor: Type.Optional(uint32),
  fileMode: Type.Optional(uint32),
  uid: Type.Optional(uint32),
  gid: Type.Optional(uint32),
});

export const deviceRule = Type.Object({
  allow: Type.Boolean(),
  type: Type.Optional(Type.Enum(['a', 'c', 'b'])),
  // -1 stands for all, as engines write it.
  major: Type.Optional(limit),
  minor: Type.Optional(limit),
  access: Type.Optional(
    Type.String({pattern: '^[rwm]*$', title: 'some of the letters r, w and m'}),
  ),
});

/** What the kernel takes as a name (dev_valid_name): IFNAMSIZ with its NUL is 16. */
const interfaceName = '^(?!\\.{1,2}$)[^\\u0000/:\\s]{1,15}$';
const interfaceTitle = 'the name of a network interface, of 1 to 15 characters';

export const netDevices = Type.Record(
  Type.String({pattern: interfaceName}),
  Type.Object({
    name: Type.Optional(Type.String({pattern: interfaceName, title: interfaceTitle})),
  }),
  {additionalProperties: false, keyTitle: interfaceTitle},
);
