import {ArgumentError} from './argument-error.ts';
import {TemplateError} from './error.ts';
import {callFunction, isLazy} from './functions.ts';
import {printed} from './printing.ts';
import type {Command, Node, Operand, Pipeline} from './tree.ts';
import {isList, isMap, isStruct, isTrue, kindOf, sortedEntries, type Value} from './value.ts';

/**
 * What a template makes of a value.
 *
 * @param text of the template, for errors
 * @throws {TemplateError} for a field that is not there, or a function that does not take its arguments
 */
export function evaluate(text: string, nodes: readonly Node[], data: Value): string {
  const evaluation = new Evaluation(text, data);
  evaluation.run(nodes, data);
  return evaluation.output;
}

type Leaving = 'break' | 'continue' | undefined;

class Evaluation {
  output = '';
  readonly #text: string;
  readonly #variables: {readonly name: string; value: Value}[];

  constructor(text: string, data: Value) {
    this.#text = text;
    this.#variables = [{name: '$', value: data}];
  }

  run(nodes: readonly Node[], dot: Value): Leaving {
    for (const node of nodes) {
      const leaving = this.#node(node, dot);
      if (leaving !== undefined) return leaving;
    }
    return undefined;
  }

  #node(node: Node, dot: Value): Leaving {
    switch (node.kind) {
      case 'text':
        this.output += node.text;
        return undefined;
      case 'print': {
        const value = this.#pipeline(node.pipeline, dot);
        if (node.pipeline.variables.length === 0) this.output += printed(value);
        return undefined;
      }
      case 'break':
      case 'continue':
        return node.kind;
      case 'range':
        return this.#scoped(() => this.#range(node, dot));
      default:
        return this.#scoped(() => {
          const value = this.#pipeline(node.pipeline, dot);
          if (!isTrue(value) && !isStruct(value)) return this.run(node.otherwise, dot);
          return this.run(node.body, node.kind === 'with' ? value : dot);
        });
    }
  }

  #range(
    node: Extract<Node, {readonly pipeline: Pipeline; readonly body: unknown}>,
    dot: Value,
  ): Leaving {
    const {commands, variables} = node.pipeline;
    const value = this.#commands(commands, dot);
    const members = this.#members(value, commands[0]?.at ?? 0);
    if (members.length === 0) return this.run(node.otherwise, dot);
    for (const [key, member] of members) {
      const values = variables.length === 2 ? [key, member] : [member];
      const leaving = this.#scoped(() => {
        variables.forEach((name, index) => {
          this.#variables.push({name, value: values[index]});
        });
        return this.run(node.body, member);
      });
      if (leaving === 'break') break;
    }
    return undefined;
  }

  #members(value: Value, at: number): readonly (readonly [Value, Value])[] {
    if (value === undefined || value === null) return [];
    if (isList(value)) return value.map((member, index) => [index, member]);
    if (isMap(value)) return sortedEntries(value);
    if (typeof value === 'number' && Number.isInteger(value)) {
      return Array.from({length: value}, (_, index) => [index, index]);
    }
    throw new TemplateError(
      this.#text,
      at,
      `range goes over a list or a map, not ${kindOf(value)}`,
    );
  }

  #scoped<T>(inside: () => T): T {
    const depth = this.#variables.length;
    const result = inside();
    this.#variables.length = depth;
    return result;
  }

  #pipeline({variables, declares, commands}: Pipeline, dot: Value): Value {
    const value = this.#commands(commands, dot);
    for (const name of variables) {
      const known = declares ? undefined : this.#variable(name);
      if (known === undefined) this.#variables.push({name, value});
      else known.value = value;
    }
    return value;
  }

  #commands(commands: readonly Command[], dot: Value): Value {
    let before: readonly Value[] = [];
    for (const command of commands) before = [this.#command(command, dot, before)];
    return before[0];
  }

  #command({at, operands}: Command, dot: Value, piped: readonly Value[]): Value {
    const [first, ...rest] = operands;
    if (first === undefined) return undefined;
    if (first.kind !== 'function') {
      if (piped.length === 0) return this.#operand(first, dot);
      throw new TemplateError(this.#text, at, 'only a function can stand behind |');
    }
    if (isLazy(first.name)) return this.#lazy(first.name, at, rest, dot, piped);
    const values = rest.map((operand) => this.#operand(operand, dot));
    return this.#call(first.name, at, [...values, ...piped]);
  }

  #lazy(
    name: 'and' | 'or',
    at: number,
    operands: readonly Operand[],
    dot: Value,
    piped: readonly Value[],
  ): Value {
    if (operands.length + piped.length === 0) {
      throw new TemplateError(this.#text, at, `${name}: it takes one value or more`);
    }
    let value: Value;
    for (const operand of operands) {
      value = this.#operand(operand, dot);
      if ((isTrue(value) || isStruct(value)) === (name === 'or')) return value;
    }
    return piped.length > 0 ? piped[0] : value;
  }

  #call(name: string, at: number, values: readonly Value[]): Value {
    try {
      return callFunction(name, values);
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error;
      throw new TemplateError(this.#text, at, `${name}: ${error.message}`);
    }
  }

  #operand(operand: Operand, dot: Value): Value {
    switch (operand.kind) {
      case 'literal':
        return operand.value;
      case 'function':
        return this.#call(operand.name, operand.at, []);
      case 'dot':
        return this.#fields(operand, dot);
      case 'variable':
        return this.#fields(operand, this.#variable(operand.name)?.value);
      case 'pipeline':
        return this.#fields(operand, this.#commands(operand.pipeline.commands, dot));
    }
  }

  #fields(
    {at, fields}: {readonly at: number; readonly fields: readonly string[]},
    from: Value,
  ): Value {
    return fields.reduce<Value>((value, name) => this.#field(value, name, at), from);
  }

  #field(value: Value, name: string, at: number): Value {
    if (isMap(value)) return value.get(name);
    if (value === undefined) return undefined;
    if (!isStruct(value)) {
      throw new TemplateError(this.#text, at, `${kindOf(value)} has no field ${name}`);
    }
    const known = fieldOf(value, name);
    if (known !== undefined) return value[known];
    throw new TemplateError(
      this.#text,
      at,
      `there is no field ${name}`,
      `the fields are ${Object.keys(value).join(', ')}`,
    );
  }

  #variable(name: string) {
    return this.#variables.findLast((variable) => variable.name === name);
  }
}

/** Docker has `Id` in its JSON and `ID` in its own structures, and takes both. */
function fieldOf(struct: {readonly [field: string]: Value}, name: string): string | undefined {
  if (Object.hasOwn(struct, name)) return name;
  const other = {ID: 'Id', Id: 'ID'}[name];
  return other !== undefined && Object.hasOwn(struct, other) ? other : undefined;
}
