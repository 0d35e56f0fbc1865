import {spawnSync} from 'node:child_process';
import {containerProcesses, readContainer} from '@minicontainer/engine/runtime';
import {MinicontainerError} from '@minicontainer/errors';
import {formatOf} from '../formats.ts';
import type {Verb} from '../verb.ts';

export const ps: Verb = {
  synopsis: 'ps [FLAGS] ID [PS-OPTIONS]',
  about: 'Show the processes of a container',
  details:
    'PS-OPTIONS are those of ps(1), -ef unless said; a column PID must be among what it prints.',
  flags: {format: {type: 'string', short: 'f', about: '`FORMAT`: table, unless said, or json'}},
  endsFlags: true,
  run({values, words: [id, ...options]}, {root}) {
    if (id === undefined) throw new MinicontainerError('EUSAGE', 'ps: a container id is missing');
    const format = formatOf(values);
    const pids = containerProcesses(readContainer(root, id));
    process.stdout.write(format === 'json' ? `${JSON.stringify(pids)}\n` : psTable(pids, options));
    return 0;
  },
};

/** ps(1) with the caller's options, and of its lines those of the container. */
function psTable(pids: readonly number[], options: readonly string[]): string {
  const args = options.length > 0 ? options : ['-ef'];
  const {stdout, stderr, status, error} = spawnSync('ps', args, {encoding: 'utf8'});
  if (error !== undefined || status !== 0) {
    const said = error === undefined ? stderr.trim() : 'ps is not in PATH';
    throw new MinicontainerError('EPS', `ps ${args.join(' ')} failed: ${said}`, {
      hint: 'apt-get install procps; or --format json, which does without',
    });
  }
  const [header = '', ...lines] = stdout.trimEnd().split('\n');
  const column = header.trim().split(/\s+/).indexOf('PID');
  if (column < 0) {
    throw new MinicontainerError('EPS', "couldn't find PID field in ps output", {
      hint: 'add it to the columns: -o pid,args',
    });
  }
  const known = new Set(pids);
  const shown = lines.filter((line) => known.has(Number(line.trim().split(/\s+/)[column])));
  return [header, ...shown].map((line) => `${line}\n`).join('');
}
