/** What a counter of the kernel's is: 64 bits, more than a number holds. */
export type EventValue =
  | bigint
  | number
  | string
  | null
  | readonly EventValue[]
  | {readonly [name: string]: EventValue};

/** JSON with every digit of a bigint. */
export function toJson(value: EventValue): string {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(toJson).join(',')}]`;
  const fields = Object.entries(value).map(
    ([name, each]) => `${JSON.stringify(name)}:${toJson(each)}`,
  );
  return `{${fields.join(',')}}`;
}

function isList(value: object): value is readonly EventValue[] {
  return Array.isArray(value);
}

/** Without what Go leaves out as empty: zeros and empty lists. */
export function withoutEmpty(
  fields: Readonly<Record<string, EventValue>>,
): Readonly<Record<string, EventValue>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: EventValue): boolean {
  if (value === 0n || value === 0 || value === '') return true;
  return value !== null && typeof value === 'object' && isList(value) && value.length === 0;
}
