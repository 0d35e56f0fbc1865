import {join} from 'node:path';

/** The clone. */
export const root = join(import.meta.dirname, '..');
