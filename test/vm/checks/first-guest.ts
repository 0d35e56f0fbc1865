import {type Check, runChecks} from './check.ts';
import {checkpoints} from './checkpoint.ts';
import {directoryInPlace} from './directory.ts';
import {doctor, host} from './host.ts';
import {hostView} from './host-view.ts';
import {imagesInMemory, imagesOf, nestedImages} from './images.ts';
import {joining} from './joining.ts';
import {killed} from './killed.ts';
import {deviceFilter} from './limits/devices.ts';
import {limitsUnderLoad, memoryHog} from './limits/load.ts';
import {membership, ownCgroup} from './limits/membership.ts';
import {runningOnes} from './limits/running.ts';
import {defaultLimits, limitsRefused, limitValues} from './limits/values.ts';
import {cgroupByPath, withoutCgroup} from './oci/lifecycle.ts';
import {options} from './options.ts';
import {overlayOfDirectory, overlayOfHost} from './overlay.ts';
import {alice, type Person, root, solo} from './people.ts';
import {refused, rootfsInMemory} from './refused.ts';
import {rootAlone} from './root.ts';
import {isLong, isWanted} from './wanted.ts';

// Runs in the first guest, as its root.

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

function limitsOf(person: Person): Check[] {
  if (person.uid !== 0) return [limitsRefused(person)];
  return [
    limitValues(person),
    defaultLimits(person),
    ownCgroup(person),
    memoryHog(person),
    ...limitsUnderLoad(person),
  ];
}

const people = [root, alice, solo];
const all = [
  host(),
  ...people.flatMap(everybodys),
  overlayOfHost(root),
  rootfsInMemory(),
  ...rootAlone(),
  ...membership(),
  ...people.flatMap(limitsOf),
  deviceFilter(),
  runningOnes(),
  joining(),
  ...(isLong ? people : [root, alice]).flatMap(imagesOf),
  imagesInMemory(alice),
  nestedImages(),
  checkpoints(),
  cgroupByPath(root),
  withoutCgroup(alice),
  ...(isLong ? people.flatMap(longOnly) : []),
];
await runChecks(all.filter(isWanted));
