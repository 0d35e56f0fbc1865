import {
  type Arguments,
  type Operation,
  type OperationName,
  operation,
  type Plan,
} from '@minicontainer/plan';

/** A plan in which a protection is missing. */
export type PlanMutation = (plan: Plan) => Plan;

/** Leaves out operations: all of a name, or those that a test chooses. */
export function dropping<N extends OperationName>(
  op: N,
  which: (args: Arguments<N>) => boolean = () => true,
): PlanMutation {
  return changing(op, which, () => []);
}

/** Gives operations other arguments. */
export function altering<N extends OperationName>(
  op: N,
  change: (args: Arguments<N>) => Partial<Arguments<N>>,
  which: (args: Arguments<N>) => boolean = () => true,
): PlanMutation {
  return changing(op, which, ({stage, args, why, optional, else: count}) => [
    operation(stage, op, {...args, ...change(args)}, why, {
      ...(optional && {optional}),
      ...(count && {else: count}),
    }),
  ]);
}

/** Whether an operation hides this path, or makes it read-only. */
export function hides(path: string): (args: {root: string; path: string}) => boolean {
  return (args) => `${args.root === 'root' ? '' : args.root}/${args.path}` === path;
}

/** Masks are looked up from the container's root, not in the mount that they lie in. */
export const masksByPath = altering(
  'maskPath',
  ({root, path}) => ({root: 'root', path: `${root.slice(1)}/${path}`}),
  ({root}) => root.startsWith('/'),
);

/** Leaves out the mounts at a path and below it. */
export function withoutMounts(path: string): PlanMutation {
  const isThere = (slot: string | undefined) => slot === path || slot?.startsWith(`${path}/`);
  return (plan) => ({
    ...plan,
    operations: plan.operations.filter(
      ({op, args}) =>
        !(op === 'createMount' && isThere(args.to)) &&
        !(op === 'attachMount' && isThere(args.mount)) &&
        !(op === 'mountAttributes' && isThere(args.mount)),
    ),
  });
}

/** nsexec runs from its own file, not from a sealed copy. */
export const unsealed: PlanMutation = (plan) => ({...plan, seal: false});

export function all(...mutations: readonly PlanMutation[]): PlanMutation {
  return (plan) => mutations.reduce((mutated, mutate) => mutate(mutated), plan);
}

type Of<N extends OperationName> = Operation & {readonly args: Arguments<N>};

function changing<N extends OperationName>(
  op: N,
  which: (args: Arguments<N>) => boolean,
  change: (operation: Of<N>) => readonly Operation[],
): PlanMutation {
  return (plan) => {
    const chosen = (operation: Operation) => isOf(op, operation) && which(operation.args);
    if (!plan.operations.some(chosen)) {
      throw new Error(`this plan has no such ${op}, so nothing is proven`);
    }
    const operations = plan.operations.flatMap((operation) =>
      isOf(op, operation) && which(operation.args) ? change(operation) : [operation],
    );
    return {...plan, operations};
  };
}

function isOf<N extends OperationName>(op: N, operation: Operation): operation is Of<N> {
  return operation.op === op;
}
