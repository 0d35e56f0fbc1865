import {isatty} from 'node:tty';
import type {ProgressEvent} from '@minicontainer/engine/images';
import {writeStderr} from '../output/streams.ts';
import {type PhaseWords, transferLine} from './line.ts';
import {Transfers} from './transfers.ts';

/** Shows on stderr what is under way, until it is closed. */
export interface Display extends AsyncDisposable {
  readonly listener: (event: ProgressEvent) => void;
}

const repaintMs = 100;

/** A line for each layer that is painted anew on a terminal; elsewhere a line when a layer begins something. */
export function openDisplay(words: PhaseWords): Promise<Display> {
  const paints = isatty(2) && process.env.TERM !== 'dumb';
  return paints ? terminalDisplay(words) : Promise.resolve(plainDisplay(words));
}

// By descriptor: process.stderr would leave a pipe non-blocking for what this process becomes.
function plainDisplay(words: PhaseWords): Display {
  const transfers = new Transfers();
  return {
    listener: (event) => {
      for (const {id, phase} of transfers.update(event, Date.now())) {
        writeStderr(`${id}: ${words[phase]}\n`);
      }
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

/** What paints gives the terminal its cursor back however the process ends. */
async function terminalDisplay(words: PhaseWords): Promise<Display> {
  const {createLogUpdate} = await import('log-update');
  const paint = createLogUpdate(process.stderr);
  const transfers = new Transfers();
  let painted: string[] = [];
  const repaint = () => {
    transfers.tick(Date.now());
    const {columns = 80, rows = 24} = process.stderr;
    painted = fitting(transfers, rows - 1).map((one) => transferLine(one, words, columns));
    paint(painted.join('\n'));
  };
  // A terminal that got narrower has broken what was painted into more lines than were painted.
  const onResize = () => {
    if (painted.length === 0) return;
    process.stderr.write(`\x1b[${rowsOf(painted, process.stderr.columns)}A\x1b[J`);
    paint.done();
    repaint();
  };
  process.stderr.on('resize', onResize);
  let timer: NodeJS.Timeout | undefined;
  return {
    listener: (event) => {
      transfers.update(event, Date.now());
      if (transfers.moved) timer ??= setInterval(repaint, repaintMs).unref();
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      process.stderr.off('resize', onResize);
      if (transfers.moved) repaint();
      paint.done();
    },
  };
}

function rowsOf(lines: readonly string[], columns: number): number {
  return lines.reduce((rows, {length}) => rows + Math.max(1, Math.ceil(length / columns)), 0);
}

/** What does not fit on the screen cannot be painted anew: what has ended gives way first. */
function fitting(transfers: Transfers, rows: number) {
  const all = transfers.all();
  if (all.length <= rows) return all;
  const running = all.filter(({phase}) => phase !== 'done' && phase !== 'exists');
  const ended = all
    .filter((one) => !running.includes(one))
    .slice(-Math.max(0, rows - running.length));
  return [...ended, ...running].slice(0, Math.max(1, rows));
}
