import {MinicontainerError} from '@minicontainer/errors';
import {text, type Values} from './command-line.ts';

/** @throws {MinicontainerError} `EUSAGE` for a format that there is not */
export function formatOf(values: Values): 'table' | 'json' {
  const format = text(values, 'format') ?? 'table';
  if (format === 'table' || format === 'json') return format;
  throw new MinicontainerError('EUSAGE', `invalid format option ${JSON.stringify(format)}`, {
    hint: 'use --format table or --format json',
  });
}
