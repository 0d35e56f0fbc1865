import {type Operation, operation} from '@minicontainer/plan';
import {cgroupTop, type Placement} from '../placement/place.ts';

/**
 * Has systemd make a scope around the supervisor, and moves that into a part of its own, so that the
 * scope can hand its controllers on to the container's part.
 *
 * @see org.freedesktop.systemd1(5), StartTransientUnit; systemd.resource-control(5), Delegate=
 */
export function joinScope(placement: Extract<Placement, {kind: 'scope'}>): Operation[] {
  const {manager, unit, slice, path} = placement;
  return [
    operation(
      'prepare',
      'startScope',
      {argv: startTransientUnit(manager.busctl, manager.address, unit, slice), cgroup: `/${path}`},
      'where systemd runs the tree of cgroups is its own: it gives a part of it away when asked',
    ),
    operation(
      'prepare',
      'makeCgroup',
      {hierarchy: `${cgroupTop}/${path}`, path: 'supervisor', controllers: '', to: 'supervisor'},
      'only a cgroup without processes hands controllers on',
    ),
    operation(
      'prepare',
      'openMembers',
      {cgroup: 'supervisor', file: 'cgroup.procs', to: 'supervisorMembers'},
      'only a cgroup without processes hands controllers on',
    ),
    operation(
      'prepare',
      'enterCgroup',
      {members: 'supervisorMembers'},
      'only a cgroup without processes hands controllers on',
    ),
  ];
}

function startTransientUnit(
  busctl: string,
  address: string,
  unit: string,
  slice: string,
): string[] {
  const manager = 'org.freedesktop.systemd1';
  return [
    busctl,
    `--address=${address}`,
    ...['call', manager, '/org/freedesktop/systemd1', `${manager}.Manager`, 'StartTransientUnit'],
    ...['ssa(sv)a(sa(sv))', unit, 'fail'],
    ...['5', 'PIDs', 'au', '1', '$self', 'Delegate', 'b', 'true', 'Slice', 's', slice],
    ...['CollectMode', 's', 'inactive-or-failed', 'Description', 's', `minicontainer ${unit}`],
    '0',
  ];
}
