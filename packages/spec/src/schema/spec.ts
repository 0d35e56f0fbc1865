import Type, {type Static} from 'typebox';
import type {Spec} from '../config/spec.ts';
import {hooks} from './hooks.ts';
import {LinuxSchema} from './linux.ts';
import {mount, root} from './mounts.ts';
import {ProcessSchema} from './process.ts';
import {text, textByName} from './text.ts';

/** The form of an OCI runtime configuration for Linux; what holds between fields is in rules.ts. */
export const SpecSchema = Type.Object({
  // https://semver.org, "is there a suggested regular expression": without its groups.
  ociVersion: Type.String({
    pattern:
      '^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$',
    title: 'a version such as "1.2.0"',
  }),
  root,
  process: Type.Optional(ProcessSchema),
  hostname: Type.Optional(text),
  domainname: Type.Optional(text),
  mounts: Type.Optional(Type.Array(mount)),
  hooks: Type.Optional(hooks),
  annotations: Type.Optional(textByName),
  linux: Type.Optional(LinuxSchema),
});

type DeepReadonly<Value> = Value extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : Value extends object
    ? {readonly [Key in keyof Value]: DeepReadonly<Value[Key]>}
    : Value;

type Identical<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

type Holds<Statement extends true> = Statement;

/** Compiles only while this schema and the types that readers see say the same. */
export type SchemaSaysWhatTypesSay = Holds<
  Identical<DeepReadonly<Static<typeof SpecSchema>>, Spec>
>;
