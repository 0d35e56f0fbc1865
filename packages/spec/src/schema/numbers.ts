import Type, {type TInteger} from 'typebox';

export const uint16 = between(0, 0xffff);
export const uint32 = between(0, 0xffff_ffff);
// Beyond 2^53 a JSON number is the nearest double: 2^64 - 1, "unlimited", arrives as 2^64.
export const uint64 = between(0, 2 ** 64);
export const int64 = between(-(2 ** 63), 2 ** 63);
/** A limit where -1 says that there is none. */
export const limit = between(-1, 2 ** 63);

/** An integer; both bounds count as in. */
export function between(minimum: number, maximum: number): TInteger {
  return Type.Integer({
    minimum,
    maximum,
    title: `an integer from ${say(minimum)} to ${say(maximum)}`,
  });
}

function say(bound: number): string {
  if (Number.isSafeInteger(bound)) return String(bound);
  const power = `2^${Math.log2(Math.abs(bound))}`;
  return bound < 0 ? `-${power}` : power;
}
