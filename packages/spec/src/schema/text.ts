import Type from 'typebox';

// `title` is what an error says was expected; validate.ts reads it.

/** The kernel takes C strings: a NUL byte would end one early. */
export const text = Type.String({
  pattern: '^[^\\u0000]*$',
  title: 'a string without NUL bytes',
});

export const name = Type.String({
  pattern: '^[^\\u0000]+$',
  title: 'a string that is not empty, without NUL bytes',
});

export const line = Type.String({
  pattern: '^[^\\u0000\\n]*$',
  title: 'a string of one line',
});

export const absolutePath = Type.String({
  pattern: '^/[^\\u0000]*$',
  title: 'an absolute path',
});

export const variable = Type.String({
  pattern: '^[^\\u0000=]+=[^\\u0000]*$',
  title: 'NAME=value without NUL bytes',
});

export const capability = Type.String({
  pattern: '^CAP_[A-Z][A-Z0-9_]*$',
  title: 'a capability such as "CAP_CHOWN"',
});

/** CPUs or memory nodes; spaces and a trailing newline are what files in /sys have. */
export const idList = Type.String({
  pattern: '^[0-9, \\n-]*$',
  title: 'a list of numbers and ranges such as "0-3,7"',
});

export const texts = Type.Array(text);
export const absolutePaths = Type.Array(absolutePath);
export const variables = Type.Array(variable);
export const capabilities = Type.Array(capability);

/** Names of our choice and their values; the names, too, go to the kernel. */
export const textByName = Type.Record(name, text, {
  additionalProperties: false,
  keyTitle: 'a name that is not empty, without NUL bytes',
});
