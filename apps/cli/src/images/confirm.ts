import {createInterface} from 'node:readline/promises';

/** Asks on stderr, and takes only a y on stdin for a yes. */
export async function confirm(warning: string): Promise<boolean> {
  const asked = createInterface({input: process.stdin, output: process.stderr});
  try {
    const ended = new Promise<string>((resolve) => asked.once('close', () => resolve('')));
    const question = `WARNING! ${warning}\nAre you sure you want to continue? [y/N] `;
    const answer = await Promise.race([asked.question(question), ended]);
    return /^\s*y(es)?\s*$/i.test(answer);
  } finally {
    asked.close();
  }
}
