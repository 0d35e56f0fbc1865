import {type Operation, operation} from '@minicontainer/plan';
import {cgroupTop, type Placement} from '../placement/place.ts';
import {callManager, list, type Property} from './manager.ts';

/**
 * Has systemd make a scope around the supervisor, and moves that into a part of its own, so that the
 * scope can hand its controllers on to the container's part.
 *
 * @see org.freedesktop.systemd1(5), StartTransientUnit; systemd.resource-control(5), Delegate=
 */
export function joinScope(placement: Extract<Placement, {kind: 'scope'}>): Operation[] {
  const {path} = placement;
  return [
    startScope(placement, 'prepare', []),
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

/** In `attach` the scope is around the keeper, which is there by then, else around the supervisor. */
export function startScope(
  {manager, unit, slice, path}: Extract<Placement, {kind: 'scope'}>,
  stage: 'prepare' | 'attach',
  properties: readonly Property[],
): Operation {
  const all: readonly Property[] = [
    ['PIDs', 'au', '1', '$self'],
    ['Delegate', 'b', 'true'],
    ['Slice', 's', slice],
    ['CollectMode', 's', 'inactive-or-failed'],
    ['Description', 's', `minicontainer ${unit}`],
    ...properties,
  ];
  const words = ['StartTransientUnit', 'ssa(sv)a(sa(sv))', unit, 'fail', ...list(all), '0'];
  return operation(
    stage,
    'startScope',
    {argv: callManager(manager, words), cgroup: `/${path}`},
    'where systemd runs the tree of cgroups is its own: it gives a part of it away when asked',
  );
}
