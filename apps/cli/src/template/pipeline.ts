import {TemplateError} from './error.ts';
import type {Token} from './lexer.ts';
import type {Command, Operand, Pipeline} from './tree.ts';

export interface Names {
  readonly isFunction: (name: string) => boolean;
  readonly isVariable: (name: string) => boolean;
  /** How many variables may stand before `:=`. */
  readonly mostVariables: number;
}

/**
 * Understands what stands in an action: `$x := index .RepoTags 0 | upper`.
 *
 * @param at where the action begins, for one that is empty
 */
export function parsePipeline(
  text: string,
  tokens: readonly Token[],
  at: number,
  names: Names,
): Pipeline {
  return new PipelineParser(text, tokens, at, names).run();
}

class PipelineParser {
  readonly #text: string;
  readonly #tokens: Token[];
  readonly #names: Names;
  /** Where the last token began. */
  #at: number;

  constructor(text: string, tokens: readonly Token[], at: number, names: Names) {
    this.#text = text;
    this.#tokens = [...tokens];
    this.#names = names;
    this.#at = at;
  }

  run(): Pipeline {
    const {variables, declares} = this.#variables();
    const commands = this.#commands();
    const [left] = this.#tokens;
    if (left !== undefined) throw this.#error(left.at, 'unexpected )');
    return {variables, declares, commands};
  }

  #variables(): {variables: string[]; declares: boolean} {
    const signs = this.#tokens.findIndex(
      (token) => token.kind === 'sign' && (token.text === ':=' || token.text === '='),
    );
    if (signs === -1) return {variables: [], declares: false};
    const before = this.#tokens.splice(0, signs + 1);
    const sign = before.pop();
    const variables: string[] = [];
    before.forEach((token, index) => {
      if (index % 2 === 0 && token.kind === 'variable') variables.push(token.text);
      else if (index % 2 === 0 || token.kind !== 'sign' || token.text !== ',') {
        throw this.#error(token.at, 'only variables may stand before := and =');
      }
    });
    const declares = sign?.kind === 'sign' && sign.text === ':=';
    const tooMany = variables.length === 0 || variables.length > this.#names.mostVariables;
    if (tooMany) throw this.#error(sign?.at ?? this.#at, 'too many variables before := or =');
    for (const name of declares ? [] : variables) this.#checkVariable(name, this.#at);
    return {variables, declares};
  }

  /** Up to the end, or to the parenthesis that closes it. */
  #commands(): Command[] {
    const commands = [this.#command()];
    while (this.#takeSign('|')) commands.push(this.#command());
    return commands;
  }

  #command(): Command {
    const at = this.#tokens[0]?.at ?? this.#at;
    const operands: Operand[] = [];
    for (let token = this.#tokens[0]; token !== undefined; token = this.#tokens[0]) {
      if (token.kind === 'sign' && (token.text === '|' || token.text === ')')) break;
      operands.push(this.#operand());
    }
    const [first, second] = operands;
    if (first === undefined) throw this.#error(at, 'a value is missing');
    if (second !== undefined && first.kind !== 'function') {
      throw this.#error(second.at, 'only a function takes arguments');
    }
    if (second === undefined && first.kind === 'literal' && first.value === null) {
      throw this.#error(at, 'nil alone is no command');
    }
    return {at, operands};
  }

  #operand(): Operand {
    const token = this.#tokens.shift();
    if (token === undefined) throw this.#error(this.#at, 'a value is missing');
    const {at} = token;
    this.#at = at;
    switch (token.kind) {
      case 'literal':
        return token;
      case 'word':
        return this.#word(token.text, at);
      case 'field':
        return {kind: 'dot', at, fields: [token.text, ...this.#fields()]};
      case 'variable':
        this.#checkVariable(token.text, at);
        return {kind: 'variable', at, name: token.text, fields: this.#fields()};
      case 'sign':
        if (token.text === '.') return {kind: 'dot', at, fields: []};
        if (token.text === '(') return this.#parenthesized(at);
        throw this.#error(at, `unexpected ${token.text}`);
    }
  }

  #parenthesized(at: number): Operand {
    const commands = this.#commands();
    if (!this.#takeSign(')')) throw this.#error(at, 'a parenthesis is not closed');
    const pipeline: Pipeline = {variables: [], declares: false, commands};
    return {kind: 'pipeline', at, pipeline, fields: this.#fields()};
  }

  #word(text: string, at: number): Operand {
    if (text === 'true' || text === 'false') return {kind: 'literal', at, value: text === 'true'};
    if (text === 'nil') return {kind: 'literal', at, value: null};
    if (this.#names.isFunction(text)) return {kind: 'function', at, name: text};
    throw this.#error(at, `there is no function ${text}`);
  }

  /** The fields that follow without a space: `$x.Config.Env`. */
  #fields(): string[] {
    const fields: string[] = [];
    for (let token = this.#tokens[0]; token?.kind === 'field' && !token.spaced; ) {
      fields.push(token.text);
      this.#tokens.shift();
      token = this.#tokens[0];
    }
    return fields;
  }

  #takeSign(text: string): boolean {
    const [token] = this.#tokens;
    if (token?.kind !== 'sign' || token.text !== text) return false;
    this.#tokens.shift();
    this.#at = token.at;
    return true;
  }

  #checkVariable(name: string, at: number): void {
    if (!this.#names.isVariable(name)) throw this.#error(at, `there is no variable ${name}`);
  }

  #error(at: number, reason: string): TemplateError {
    return new TemplateError(this.#text, at, reason);
  }
}
