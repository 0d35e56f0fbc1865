import {MinicontainerError} from '@minicontainer/errors';
import {nearest} from '../argv/nearest.ts';
import {commandNames} from '../commands/index.ts';

/** The error for a first word that is no command: says which one was probably meant. */
export function unknownCommand(word: string): MinicontainerError {
  if (word.startsWith('-')) {
    return new MinicontainerError('EUSAGE', `unknown flag ${word}`, {
      hint: 'flags stand behind a command: minicontainer run --rm /bin/sh',
    });
  }
  return new MinicontainerError('EUSAGE', `unknown command ${word}`, {hint: hint(word)});
}

function hint(word: string): string {
  if (word.startsWith('/')) return `did you mean minicontainer run ${word}?`;
  const names = commandNames();
  const guess = nearest(word, names);
  return guess === undefined
    ? `the commands are ${names.join(', ')}`
    : `did you mean minicontainer ${guess}?`;
}
