// Runs a step without a word, unless it takes over a second or fails.
import {spawn} from 'node:child_process';
import {root} from '../root.mjs';
import {NotPreparedError} from './error.mjs';

let announced = false;

export async function runQuietly(step) {
  const timer = setTimeout(() => announce(step), 1000);
  try {
    step.before?.();
    for (const command of step.commands()) await runCommand(step, command);
  } finally {
    clearTimeout(timer);
  }
}

function announce(step) {
  if (announced) return;
  announced = true;
  process.stderr.write(
    `minicontainer: ${step.doing}, as this clone is new or has changed (a minute at most)\n`,
  );
}

function runCommand(step, [command, ...args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {cwd: root, stdio: ['ignore', 'pipe', 'pipe']});
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => {
      reject(new NotPreparedError(`${step.doing} failed: ${error.message}`));
    });
    child.on('close', (status, signal) => {
      if (status === 0) resolve();
      else
        reject(
          new NotPreparedError(
            `${step.doing} failed: ${command} ended with ${signal ?? status}`,
            output,
          ),
        );
    });
  });
}
