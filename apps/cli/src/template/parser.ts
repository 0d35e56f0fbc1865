import {TemplateError} from './error.ts';
import {isFunction} from './functions.ts';
import {lexTemplate, type Part, type Token} from './lexer.ts';
import {parsePipeline} from './pipeline.ts';
import type {Node} from './tree.ts';

/**
 * Understands a template of Go's text/template, of the part that `docs/images.md` tells.
 *
 * @throws {TemplateError} for what it cannot be, or is not here
 */
export function parseTemplate(text: string): readonly Node[] {
  return new Parser(text).run();
}

type Keyword = 'end' | 'else';

class Parser {
  readonly #text: string;
  readonly #parts: Part[];
  /** The variables that may be named, innermost last. */
  readonly #variables = ['$'];
  #loops = 0;

  constructor(text: string) {
    this.#text = text;
    this.#parts = lexTemplate(text);
  }

  run(): readonly Node[] {
    const {nodes, stop} = this.#nodes();
    if (stop !== undefined) throw this.#error(stop.at, `unexpected {{${stop.keyword}}}`);
    return nodes;
  }

  /** Up to the end of the text, or to an `end` or `else`, with what stands behind it. */
  #nodes(): {
    nodes: Node[];
    stop?: {keyword: Keyword; at: number; rest: readonly Token[]};
  } {
    const nodes: Node[] = [];
    for (let part = this.#parts.shift(); part !== undefined; part = this.#parts.shift()) {
      if (part.kind === 'text') {
        nodes.push(part);
        continue;
      }
      const {at, tokens} = part;
      const [first, ...rest] = tokens;
      if (first === undefined) throw this.#error(at, 'an action is empty');
      const keyword = first.kind === 'word' ? first.text : undefined;
      if (keyword === 'end' || keyword === 'else') {
        return {nodes, stop: {keyword, at: first.at, rest}};
      }
      nodes.push(this.#action(keyword, first, rest, tokens));
    }
    return {nodes};
  }

  #action(
    keyword: string | undefined,
    first: Token,
    rest: readonly Token[],
    tokens: readonly Token[],
  ): Node {
    switch (keyword) {
      case 'if':
      case 'with':
      case 'range':
        return this.#branch(keyword, first.at, rest);
      case 'break':
      case 'continue':
        if (this.#loops === 0) throw this.#error(first.at, `{{${keyword}}} outside of {{range}}`);
        return {kind: keyword};
      case 'define':
      case 'template':
      case 'block':
        throw this.#error(first.at, `{{${keyword}}} is not known here`);
      default:
        return {kind: 'print', pipeline: this.#pipeline(tokens, first.at, 1)};
    }
  }

  #branch(kind: 'if' | 'with' | 'range', at: number, tokens: readonly Token[]): Node {
    const scope = this.#variables.length;
    const pipeline = this.#pipeline(tokens, at, kind === 'range' ? 2 : 1);
    if (kind === 'range') this.#loops++;
    const {nodes: body, stop} = this.#nodes();
    if (kind === 'range') this.#loops--;
    this.#variables.length = scope;
    if (stop === undefined) throw this.#error(at, `{{${kind}}} has no {{end}}`);
    const otherwise = stop.keyword === 'end' ? [] : this.#else(kind, at, stop.rest);
    return {kind, pipeline, body, otherwise};
  }

  /** What stands behind an `else`: another branch, `else if`, which has the same end; or nodes. */
  #else(kind: string, at: number, [word, ...rest]: readonly Token[]): readonly Node[] {
    if (word !== undefined) {
      const next = word.kind === 'word' ? word.text : undefined;
      if ((next === 'if' || next === 'with') && next === kind) {
        return [this.#branch(next, word.at, rest)];
      }
      throw this.#error(word.at, 'unexpected words behind {{else');
    }
    const scope = this.#variables.length;
    const {nodes, stop} = this.#nodes();
    this.#variables.length = scope;
    if (stop?.keyword !== 'end') throw this.#error(stop?.at ?? at, `{{${kind}}} has no {{end}}`);
    return nodes;
  }

  #pipeline(tokens: readonly Token[], at: number, most: number) {
    const pipeline = parsePipeline(this.#text, tokens, at, {
      isFunction,
      isVariable: (name) => this.#variables.includes(name),
      mostVariables: most,
    });
    if (pipeline.declares) this.#variables.push(...pipeline.variables);
    return pipeline;
  }

  #error(at: number, reason: string): TemplateError {
    return new TemplateError(this.#text, at, reason);
  }
}
