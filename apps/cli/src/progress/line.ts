import {humanSize} from '../listing/size.ts';
import {secondsLeft, type Transfer} from './transfers.ts';

export type PhaseWords = Readonly<Record<Transfer['phase'], string>>;

/** What the phases of a pull are called, in Docker's words. */
export const pullWords: PhaseWords = {
  waiting: 'Waiting',
  downloading: 'Downloading',
  uploading: 'Uploading',
  verifying: 'Verifying',
  unpacking: 'Extracting',
  done: 'Pull complete',
  exists: 'Already exists',
};

/** What those of a push are called. */
export const pushWords: PhaseWords = {
  ...pullWords,
  ...{waiting: 'Preparing', uploading: 'Pushing', done: 'Pushed', exists: 'Layer already exists'},
};

/** What those of a load are called. */
export const loadWords: PhaseWords = {...pullWords, downloading: 'Loading', done: 'Loaded'};

const moving: ReadonlySet<Transfer['phase']> = new Set(['downloading', 'uploading', 'unpacking']);

const barWidth = 25;
/** A narrow terminal has no bar, and a very narrow one no more than fits. */
const widthOfRest = 76;

/**
 * One line on a terminal: `4f4fb700ef54: Downloading [=====>     ]  12.3MB/45.6MB  3.2MB/s  11s`.
 *
 * @param columns of the terminal: the line is no longer
 */
export function transferLine(transfer: Transfer, words: PhaseWords, columns: number): string {
  const {id, phase, currentBytes, totalBytes, bytesPerSecond} = transfer;
  const head = `${id}: ${words[phase]}`;
  if (!moving.has(phase)) return cut(head, columns);
  const amount =
    totalBytes > 0
      ? `${humanSize(currentBytes, 3)}/${humanSize(totalBytes, 3)}`
      : humanSize(currentBytes, 3);
  const left = secondsLeft(transfer);
  const parts = [
    head.padEnd(id.length + 2 + words.downloading.length),
    ...(totalBytes > 0 && columns >= widthOfRest + barWidth - 12
      ? [bar(currentBytes / totalBytes)]
      : []),
    amount.padStart(13),
    ...(bytesPerSecond === undefined ? [] : [`${humanSize(bytesPerSecond, 3)}/s`.padStart(8)]),
    ...(left === undefined ? [] : [timeLeft(left)]),
  ];
  return cut(parts.join('  '), columns);
}

function bar(share: number): string {
  const filled = Math.min(barWidth, Math.floor(Math.max(0, share) * barWidth));
  const arrow = filled < barWidth ? '>' : '';
  return `${`[${'='.repeat(filled)}${arrow}`.padEnd(barWidth + 1)}]`;
}

/** Rounded up: what is said to take no time should be done. */
function timeLeft(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m${String(whole % 60).padStart(2, '0')}s`;
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}m`;
}

/** In the last column a terminal would go on to the next line. */
function cut(line: string, columns: number): string {
  return line.slice(0, Math.max(1, columns - 1)).trimEnd();
}
