// Writes src/numbers/*.ts from the kernel's own headers, of all architectures at once:
//   apt-get download linux-libc-dev && dpkg -x linux-libc-dev_*.deb DIRECTORY
//   node scripts/generate-numbers.mjs DIRECTORY      (6.11 or newer, the newest there is)
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('which directory has linux-libc-dev unpacked?');
const headers = join(directory, 'usr/lib/linux/uapi');
const output = join(import.meta.dirname, '../src/numbers');

const x86_64 = numbersOf('x86/asm/unistd_64.h');
const x32 = numbersOf('x86/asm/unistd_x32.h');
write('x86-64', 'x86_64', [['x86_64', inOrder(x86_64)]]);
write('x86', 'i386', [['x86', inOrder(numbersOf('x86/asm/unistd_32.h'))]]);
write('aarch64', 'aarch64', [['aarch64', inOrder(numbersOf('arm64/asm/unistd_64.h'))]]);
const arm = new Map([
  ...numbersOf('arm/asm/unistd-eabi.h'),
  ...numbersOf('arm/asm/unistd.h', 'ARM', 0x0f0000),
]);
// The header has both names: <asm/unistd.h> makes one of the other.
arm.set('sync_file_range2', arm.get('arm_sync_file_range'));
write('arm', 'arm (EABI)', [['arm', inOrder(arm)]]);
write('x32', 'x32, as it differs from x86_64', [
  ['notInX32', [...x86_64.keys()].filter((name) => x32.get(name) !== x86_64.get(name))],
  ['onlyInX32', inOrder(new Map([...x32].filter(([name, at]) => x86_64.get(name) !== at)))],
]);

function numbersOf(header, prefix = '', base = 0) {
  const line = new RegExp(
    `^#define __${prefix}_?NR_(\\w+)\\s+(?:\\(__\\w+\\s*\\+\\s*)?(\\d+)\\)?$`,
  );
  const found = readFileSync(join(headers, header), 'utf8')
    .split('\n')
    .map((text) => line.exec(text))
    .filter((match) => match !== null);
  return new Map(found.map(([, name, number]) => [name, base + Number(number)]));
}

/** Names by number; where one does not follow the last, its number stands before it. */
function inOrder(numbers) {
  let expected = 0;
  return [...numbers]
    .sort(([, one], [, other]) => one - other)
    .flatMap(([name, number]) => {
      const words = number === expected ? [name] : [String(number), name];
      expected = number + 1;
      return words;
    });
}

function write(file, what, tables) {
  const text = tables.map(([name, words]) => `\nexport const ${name} = \`\n${wrap(words)}\n\`;\n`);
  writeFileSync(
    join(output, `${file}.ts`),
    `// System calls of ${what}. Made by scripts/generate-numbers.mjs: do not edit.\n${text.join('')}`,
  );
}

function wrap(words) {
  const lines = [''];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= 100) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}
