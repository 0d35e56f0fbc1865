/** A template as it was understood. `at` is a column in its text, from 0, for errors. */
export type Node =
  | {readonly kind: 'text'; readonly text: string}
  | {readonly kind: 'print'; readonly pipeline: Pipeline}
  | {
      readonly kind: 'if' | 'with' | 'range';
      readonly pipeline: Pipeline;
      readonly body: readonly Node[];
      readonly otherwise: readonly Node[];
    }
  | {readonly kind: 'break' | 'continue'};

/** Commands, each of which is the last argument of the next; the result may be kept under names. */
export interface Pipeline {
  /** For `range` two: of the index and of the element. */
  readonly variables: readonly string[];
  /** Whether the variables are new (`:=`), or those there are get another value (`=`). */
  readonly declares: boolean;
  readonly commands: readonly Command[];
}

export interface Command {
  readonly at: number;
  /** At least one; the first may be a function, and is all there is if it is not. */
  readonly operands: readonly Operand[];
}

export type Operand =
  | {
      readonly kind: 'literal';
      readonly at: number;
      readonly value: string | number | boolean | null;
    }
  | {readonly kind: 'function'; readonly at: number; readonly name: string}
  /** Where a chain of fields begins: the dot, a variable, or a pipeline in parentheses. */
  | {readonly kind: 'dot'; readonly at: number; readonly fields: readonly string[]}
  | {
      readonly kind: 'variable';
      readonly at: number;
      readonly name: string;
      readonly fields: readonly string[];
    }
  | {
      readonly kind: 'pipeline';
      readonly at: number;
      readonly pipeline: Pipeline;
      readonly fields: readonly string[];
    };
