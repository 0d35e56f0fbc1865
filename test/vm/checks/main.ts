import {type Check, runChecks} from './check.ts';
import {directoryInPlace} from './directory.ts';
import {doctor, host} from './host.ts';
import {hostView} from './host-view.ts';
import {killed} from './killed.ts';
import {options} from './options.ts';
import {overlayOfDirectory, overlayOfHost} from './overlay.ts';
import {alice, type Person, root, solo} from './people.ts';
import {refused, rootfsInMemory} from './refused.ts';
import {rootAlone} from './root.ts';

// Runs in the guest, as its root. Words: `long`, and `only=PATTERN` for the checks whose names match.

const rounds = 25;

function everybodys(person: Person): Check[] {
  return [
    ...hostView(person),
    overlayOfDirectory(person),
    directoryInPlace(person),
    ...options(person),
    killed(person),
    ...refused(person),
    doctor(person),
  ];
}

function longOnly(person: Person): Check[] {
  return Array.from({length: rounds}, (_, round) => killed(person, `, round ${round + 1}`));
}

const words = process.argv.slice(2);
const only = new RegExp(
  words.find((word) => word.startsWith('only='))?.slice('only='.length) ?? '',
);
const people = [root, alice, solo];
const all = [
  host(),
  ...people.flatMap(everybodys),
  overlayOfHost(root),
  rootfsInMemory(),
  ...rootAlone(),
  ...(words.includes('long') ? people.flatMap(longOnly) : []),
];
await runChecks(all.filter(({name}) => only.test(name)));
