import Type from 'typebox';
import {idMappings} from './namespaces.ts';
import {name, text, texts} from './text.ts';

export const root = Type.Object({
  path: name,
  readonly: Type.Optional(Type.Boolean()),
});

export const mount = Type.Object({
  destination: name,
  type: Type.Optional(text),
  source: Type.Optional(text),
  options: Type.Optional(texts),
  uidMappings: Type.Optional(idMappings),
  gidMappings: Type.Optional(idMappings),
});
