import {type Check, runChecks} from './check.ts';
import {doctor} from './host.ts';
import {hostView} from './host-view.ts';
import {killed} from './killed.ts';
import {limitsUnderLoad, memoryHog} from './limits/load.ts';
import {ownCgroup} from './limits/membership.ts';
import {defaultLimits, limitsRefused, limitValues} from './limits/values.ts';
import {cgroupByPath} from './oci/lifecycle.ts';
import {engineScope} from './oci/scope.ts';
import {overlayOfDirectory} from './overlay.ts';
import {alice, type Person, root, solo} from './people.ts';
import {appArmor} from './systemd/apparmor.ts';
import {labelledExec} from './systemd/labelled-exec.ts';
import {asNestedRoot, inManager, loggedIn} from './systemd/login.ts';
import {notDelegated, scope, unknownToSystemd} from './systemd/scope.ts';
import {isLong, isWanted} from './wanted.ts';

// Runs in the second guest, as its root, in a service of the system's manager.

/** With a manager of systemd's that can be asked for a cgroup. */
function managed(person: Person): Check[] {
  return [scope(person), limitValues(person), memoryHog(person)];
}

function longOnly(person: Person): Check[] {
  return [killed(person), overlayOfDirectory(person), doctor(person)];
}

const remote = loggedIn(alice);
const service = inManager(alice);
const all = [
  ...hostView(root),
  ...managed(root),
  ...limitsUnderLoad(root),
  defaultLimits(root),
  unknownToSystemd(),
  appArmor(root),
  labelledExec(root),
  doctor(root),
  ...managed(remote),
  ownCgroup(remote),
  notDelegated(remote),
  appArmor(remote),
  labelledExec(alice),
  doctor(remote),
  limitsRefused(solo),
  cgroupByPath(root),
  engineScope(root),
  engineScope(asNestedRoot(remote), remote, 0),
  ...(isLong
    ? [...managed(service), ...limitsUnderLoad(remote), engineScope(remote)]
    : [scope(service)]),
  ...(isLong ? [...hostView(solo), ...[remote, service, solo].flatMap(longOnly)] : []),
];
await runChecks(all.filter(isWanted));
