import type {Filter, FilterArgument, FilterRule} from '../compile/filter.ts';

/** Whether two filters say the same in the same order. What only a listener is told counts not. */
export function sameFilter(one: Filter, other: Filter): boolean {
  return (
    one.defaultAction === other.defaultAction &&
    one.defaultErrnoRet === other.defaultErrnoRet &&
    sameItems(one.architectures, other.architectures, Object.is) &&
    sameItems(one.flags, other.flags, Object.is) &&
    sameItems(one.syscalls, other.syscalls, sameRule)
  );
}

function sameRule(one: FilterRule, other: FilterRule): boolean {
  return (
    one.action === other.action &&
    one.errnoRet === other.errnoRet &&
    sameItems(one.args, other.args, sameArgument) &&
    sameItems(one.names, other.names, Object.is)
  );
}

function sameArgument(one: FilterArgument, other: FilterArgument): boolean {
  return (
    one.index === other.index &&
    one.op === other.op &&
    one.value === other.value &&
    one.valueTwo === other.valueTwo
  );
}

function sameItems<Item>(
  one: readonly Item[] = [],
  other: readonly Item[] = [],
  same: (one: Item, other: Item) => boolean,
): boolean {
  return (
    one.length === other.length &&
    one.every((item, index) => {
      const counterpart = other[index];
      return counterpart !== undefined && same(item, counterpart);
    })
  );
}
