import {MinicontainerError} from '@minicontainer/errors';

/** What is wrong with a template, and where in it: a column of its text, from 1. */
export class TemplateError extends MinicontainerError {
  override readonly name = 'TemplateError';

  constructor(text: string, at: number, reason: string, hint?: string) {
    super('ETEMPLATE', `template ${JSON.stringify(text)}, column ${at + 1}: ${reason}`, {
      hint: hint ?? 'docs/images.md, "Templates", has what they can contain',
    });
  }
}
