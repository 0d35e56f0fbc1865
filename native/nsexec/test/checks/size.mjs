// Small enough to be read whole by whoever must trust it.
import {readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {demand, here, make} from '../tools.mjs';

const columns = 100;
const tab = 8;
const generated = ['operations.h'];
/** What only ever runs in the supervisor, once the container is on its way. All else is the core. */
const supervising = /^(supervise|disposition|relay|terminal|ending|cgroup-end|report)\.c$/;
/** What runs only where a specification asks for it. */
const controlling =
  /^(accounts|scheduling|namespaces|devices|files|copy|owners|seccomp|landlock|init|hooks|links)\.c$/;
/** The command line of an OCI runtime, and what a container that another engine watches needs. */
const runtime = /^(oci.*|gate|detach|process-id|find-command|caller-streams|join|restore)\.c$/;
/** Layers of images: written, measured, laid over each other. */
const imaging = /^(unpack.*|measure|layers)\.c$/;
const budgets = {core: 2000, controls: 1150, supervise: 1200, runtime: 1500, images: 700};
const binaryBytes = 152 * 1024;

const files = readdirSync(join(here, 'src')).filter((name) => /\.[ch]$/.test(name));
const written = files
  .filter((name) => !generated.includes(name))
  .map((name) => ({name, text: readFileSync(join(here, 'src', name), 'utf8')}));

export const sizeChecks = [
  {
    name: `has no line of more than ${columns} columns`,
    run: () => {
      const long = written.flatMap(({name, text}) =>
        text
          .split('\n')
          .flatMap((line, index) => (widthOf(line) > columns ? [`src/${name}:${index + 1}`] : [])),
      );
      demand(long.length === 0, long.join('\n'));
    },
  },
  ...Object.entries(budgets).map(([part, budget]) => ({
    name: `has at most ${budget} lines of code in ${part}`,
    run: () => {
      // Headers declare; what is done stands in the .c files.
      const lines = written
        .filter(({name}) => name.endsWith('.c'))
        .filter(({name}) => partOf(name) === part)
        .map(({name, text}) => [codeLines(text), name]);
      const sum = lines.reduce((total, [count]) => total + count, 0);
      const list = lines.sort(([a], [b]) => b - a).map((entry) => entry.join(' '));
      demand(sum <= budget, `${sum} lines:\n${list.join('\n')}`);
      return `${sum} lines`;
    },
  })),
  {
    name: `is at most ${binaryBytes} bytes`,
    needs: ['make', 'musl-gcc'],
    run: () => {
      make('BUILD=build/check/musl-gcc', 'CC=musl-gcc', 'CFLAGS=-Os');
      const {size} = statSync(join(here, 'build/check/musl-gcc/nsexec'));
      demand(size <= binaryBytes, `${size} bytes`);
      return `${size} bytes`;
    },
  },
];

function partOf(name) {
  if (supervising.test(name)) return 'supervise';
  if (runtime.test(name)) return 'runtime';
  if (imaging.test(name)) return 'images';
  return controlling.test(name) ? 'controls' : 'core';
}

function widthOf(line) {
  let width = 0;
  for (const character of line) width += character === '\t' ? tab - (width % tab) : 1;
  return width;
}

/** Lines that hold more than blanks and comments. */
export function codeLines(text) {
  // A string or character is matched first, so that no comment begins inside of one.
  const code = text.replace(
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\*[\s\S]*?\*\/|\/\/.*/g,
    (part) => (part.startsWith('/') ? part.replace(/[^\n]/g, '') : part),
  );
  return code.split('\n').filter((line) => line.trim() !== '').length;
}
