// Plans for the checks, from the packages that make them for containers. Bundled by plan-bytes.mjs.
import {
  compilePlan,
  compileTreeWork,
  encodePlan,
  operation,
  operations,
  stages,
} from '../../../packages/plan/src/index.ts';
import {directoryRoot, hostView, overlayRoot} from '../../../packages/rootfs/src/index.ts';
import {FrameWriter, kinds} from '../../../packages/rootfs/src/unpack/frame.ts';
import {buildSpec} from '../../../packages/spec/src/index.ts';

export {encodePlan, FrameWriter, kinds, operation, operations, stages};

const host = {
  uid: 0,
  gid: 0,
  capabilities: 0x1ff_ffff_ffffn,
  cgroup: {version: 2},
  sources: {'/srv': 'directory'},
  openFiles: {soft: 1024, hard: 4096},
  mappers: {uid: '/usr/bin/newuidmap', gid: '/usr/bin/newgidmap'},
};
const range = [{containerID: 0, hostID: 0x70000000, size: 65536}];
const own = [{containerID: 0, hostID: 1000, size: 1}];
const some = [...own, {containerID: 1, hostID: 100000, size: 65536}];
const files = {hostname: 'box'};
const entries = {
  usr: {kind: 'directory'},
  etc: {kind: 'directory'},
  var: {kind: 'directory'},
  bin: {kind: 'link', target: 'usr/bin'},
};

/** One of each kind, by name. They are read here, never run. */
export function containerPlans() {
  const shifting = builder(true);
  const plain = builder(false);
  return {
    'host-view-of-root': plan({}, host, hostView(entries, shifting, files)),
    'host-view-of-a-user': plan({mappings: some}, user(), hostView(entries, plain, files)),
    'directory-of-root': plan({}, host, directoryRoot('/srv', shifting, files)),
    'overlay-of-a-user': plan({mappings: own}, user(), overlayRoot('/srv', plain, files)),
    'no-user-namespace': plan({mappings: undefined, privileged: true}, host, {}),
    terminal: plan({terminal: true, readOnlyRoot: true}, host, {}),
  };
}

/** What writes a layer into a directory, as the host's root, on the directory of another one. */
export function treePlan(target, lower) {
  const why = 'a check';
  return encodePlan(
    compileTreeWork(
      {host},
      [
        operation(
          'keep',
          'writeTree',
          {target, lower: lower === undefined ? undefined : 'lower'},
          why,
        ),
      ],
      lower === undefined
        ? []
        : [operation('keep', 'openPath', {root: undefined, path: lower, to: 'lower'}, why)],
    ),
  );
}

function user() {
  return {...host, uid: 1000, gid: 1000, capabilities: 0n, cgroup: {version: 0}};
}

function builder(hostRoot) {
  return {hostRoot, userNamespace: true, diskDirectory: '/nowhere/rw', readOnly: false};
}

function plan({mappings = range, ...request}, facts, {root, files: own}) {
  const spec = buildSpec({
    args: ['sh', '-c', 'exit 0'],
    rootPath: '/srv',
    hostname: 'box',
    env: {A: 'b', LANG: 'C.UTF-8'},
    mounts: [{destination: '/data', type: 'bind', source: '/srv', options: ['rbind', 'ro']}],
    ...(mappings === undefined
      ? {}
      : {userNamespace: {uidMappings: mappings, gidMappings: mappings}}),
    ...request,
  });
  return encodePlan(
    compilePlan(spec, facts, {
      id: 'check',
      user: {user: 'nobody', group: ''},
      init: true,
      ...(root === undefined ? {} : {root, files: own}),
      ending: [
        operation('ending', 'removeTree', {path: '/nowhere', journal: false}, 'nothing is left'),
      ],
    }),
  );
}
