/** Text of somebody else's as one line: what controls a terminal, and what ends a line, is escaped. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return ' ';
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

/** Text of several lines for a terminal: what else controls it is escaped. */
export function forTerminal(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, oneLine);
}
