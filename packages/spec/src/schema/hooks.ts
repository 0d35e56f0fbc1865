import Type from 'typebox';
import {between} from './numbers.ts';
import {absolutePath, texts, variables} from './text.ts';

const hooksOfOneKind = Type.Optional(
  Type.Array(
    Type.Object({
      path: absolutePath,
      args: Type.Optional(texts),
      env: Type.Optional(variables),
      timeout: Type.Optional(between(1, 2 ** 31 - 1)),
    }),
  ),
);

export const hooks = Type.Object({
  prestart: hooksOfOneKind,
  createRuntime: hooksOfOneKind,
  createContainer: hooksOfOneKind,
  startContainer: hooksOfOneKind,
  poststart: hooksOfOneKind,
  poststop: hooksOfOneKind,
});
