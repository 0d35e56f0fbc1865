/**
 * A name's bytes as text for people: UTF-8 where it is that, control characters and stray bytes as
 * `\xNN`, so that no archive can write to a terminal.
 *
 * @param name one character per byte, as `TarHeader` has it
 */
export function displayName(name: string): string {
  if (/^[ -[\]-~]*$/.test(name)) return name;
  const bytes = Buffer.from(name, 'latin1');
  const text = bytes.toString('utf8');
  // A replacement character stands for bytes that are no UTF-8: show all bytes as they are.
  const faithful = Buffer.from(text, 'utf8').equals(bytes) ? text : name;
  const special = faithful === name ? /[^ -[\]-~]/gu : /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\]/gu;
  return faithful.replace(special, escaped);
}

function escaped(character: string): string {
  if (character === '\\') return '\\\\';
  const bytes = Buffer.from(character, character > '\xff' ? 'utf8' : 'latin1');
  return [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
