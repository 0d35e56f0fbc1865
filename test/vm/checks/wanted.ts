import {readFileSync} from 'node:fs';
import type {Check} from './check.ts';

/** What the harness outside asks for, behind `--` on the kernel's command line: `long`, `only=PATTERN`. */
const [, asked = ''] = readFileSync('/proc/cmdline', 'utf8').split(' -- ');
const words = asked.trim().split(' ');
const pattern = words.find((word) => word.startsWith('only='))?.slice('only='.length);
const only = new RegExp(pattern ?? '');

export const isLong = words.includes('long');

export function isWanted({name}: Check): boolean {
  return only.test(name);
}
