import type {Spec} from '@minicontainer/spec';
import {describe, expect, test} from 'vitest';
import {describeOperation} from '../explain.ts';
import {compilePlan} from './compile.ts';

/** As `crun spec` and `runc spec` write it, but for the order of fields. */
const written: Spec = {
  ociVersion: '1.0.2',
  process: {
    terminal: true,
    user: {uid: 0, gid: 0},
    args: ['sh'],
    env: ['PATH=/usr/bin:/bin', 'TERM=xterm'],
    cwd: '/',
    capabilities: {
      bounding: ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'],
      effective: ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'],
      permitted: ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'],
      ambient: ['CAP_AUDIT_WRITE', 'CAP_KILL', 'CAP_NET_BIND_SERVICE'],
      inheritable: [],
    },
    rlimits: [{type: 'RLIMIT_NOFILE', soft: 1024, hard: 1024}],
    noNewPrivileges: true,
  },
  root: {path: 'rootfs', readonly: true},
  hostname: 'crun',
  mounts: [
    {destination: '/proc', type: 'proc', source: 'proc'},
    {
      destination: '/dev',
      type: 'tmpfs',
      source: 'tmpfs',
      options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
    },
    {
      destination: '/sys',
      type: 'sysfs',
      source: 'sysfs',
      options: ['nosuid', 'noexec', 'nodev', 'ro'],
    },
    {
      destination: '/sys/fs/cgroup',
      type: 'cgroup',
      source: 'cgroup',
      options: ['nosuid', 'noexec', 'nodev', 'relatime', 'ro'],
    },
  ],
  linux: {
    resources: {devices: [{allow: false, access: 'rwm'}]},
    namespaces: [
      {type: 'pid'},
      {type: 'network'},
      {type: 'ipc'},
      {type: 'uts'},
      {type: 'mount'},
      {type: 'cgroup'},
    ],
    maskedPaths: ['/proc/acpi', '/proc/kcore', '/sys/firmware'],
    readonlyPaths: ['/proc/bus', '/proc/sys'],
  },
};

describe('a configuration that other runtimes write', () => {
  const {operations, seal} = compilePlan(
    written,
    {
      uid: 0,
      gid: 0,
      capabilities: 0x1ff_ffff_ffffn,
      cgroup: {version: 2},
      sources: {},
      openFiles: {soft: 1024, hard: 1024},
      mappers: {},
    },
    {id: 'bundle'},
  );
  const lines = operations.map((some) => `${some.stage} ${describeOperation(some)}`);

  test('becomes this plan, whole', () => {
    expect(lines).toMatchInlineSnapshot(`
      [
        "clone cloneKeeper flags=CLONE_NEWPID",
        "attach raiseRlimit resource=RLIMIT_NOFILE hard=1024",
        "attach releaseKeeper",
        "keep awaitRelease",
        "keep cloneContainer flags=CLONE_NEWPID|CLONE_NEWNS|CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWNET",
        "keep dieWithSupervisor",
        "build awaitRelease",
        "build unshare flags=CLONE_NEWCGROUP",
        "build setPropagation flags=MS_SLAVE|MS_REC",
        "build createMount type=tmpfs source=minicontainer options=[mode=755] attributes=nosuid|nodev to=scratch",
        "build attachMount mount=scratch target=/ follow=true",
        "build makeDirectory root=scratch path=empty mode=0755",
        "build openPath root=scratch path=empty to=empty",
        "build linkUp name=lo",
        "build openTree path=rootfs recursive=true to=root",
        "build mountAttributes mount=root set=nodev recursive=true",
        "build attachMount mount=root target=/ follow=true",
        "build createMount type=proc source=proc to=/proc",
        "build attachMount mount=/proc root=root target=proc create=true",
        "build createMount type=tmpfs source=tmpfs options=[mode=755 size=65536k] attributes=nosuid|strictatime to=/dev",
        "build attachMount mount=/dev root=root target=dev create=true",
        "build createMount type=sysfs source=sysfs attributes=ro|nosuid|nodev|noexec to=/sys",
        "build openTree path=/sys recursive=true to=/sys",
        "build mountAttributes mount=/sys set=ro recursive=true",
        "build attachMount mount=/sys root=root target=sys create=true",
        "build createMount type=cgroup2 source=cgroup attributes=ro|nosuid|nodev|noexec to=/sys/fs/cgroup",
        "build attachMount mount=/sys/fs/cgroup root=root target=sys/fs/cgroup create=true follow=true",
        "build openTree path=/dev/null device=1:3 to=/dev/null",
        "build attachMount mount=/dev/null root=root target=dev/null file=true create=true",
        "build openTree path=/dev/zero device=1:5 to=/dev/zero",
        "build attachMount mount=/dev/zero root=root target=dev/zero file=true create=true",
        "build openTree path=/dev/full device=1:7 to=/dev/full",
        "build attachMount mount=/dev/full root=root target=dev/full file=true create=true",
        "build openTree path=/dev/random device=1:8 to=/dev/random",
        "build attachMount mount=/dev/random root=root target=dev/random file=true create=true",
        "build openTree path=/dev/urandom device=1:9 to=/dev/urandom",
        "build attachMount mount=/dev/urandom root=root target=dev/urandom file=true create=true",
        "build openTree path=/dev/tty device=5:0 to=/dev/tty",
        "build attachMount mount=/dev/tty root=root target=dev/tty file=true create=true",
        "build makeSymlink root=root path=dev/fd target=/proc/self/fd",
        "build makeSymlink root=root path=dev/stdin target=/proc/self/fd/0",
        "build makeSymlink root=root path=dev/stdout target=/proc/self/fd/1",
        "build makeSymlink root=root path=dev/stderr target=/proc/self/fd/2",
        "build makeSymlink root=root path=dev/ptmx target=pts/ptmx",
        "build maskPath root=/proc path=acpi empty=empty",
        "build maskPath root=/proc path=kcore empty=empty",
        "build maskPath root=/sys path=firmware empty=empty",
        "build readOnlyPath root=/proc path=bus",
        "build readOnlyPath root=/proc path=sys",
        "enter pivotRoot root=root",
        "enter setHostname name=crun",
        "enter useIds uid=0 gid=0",
        "enter openTerminal console=true",
        "enter mountAttributes mount=root set=ro",
        "confine joinKeyring name=minicontainer-bundle",
        "confine setRlimit resource=RLIMIT_NOFILE soft=1024 hard=1024",
        "confine dropBounding keep=CAP_KILL|CAP_NET_BIND_SERVICE|CAP_AUDIT_WRITE",
        "confine setUser setgroups=true",
        "confine changeDirectory path=/",
        "confine setUmask mask=022",
        "confine closeDescriptors from=3",
        "confine setCapabilities effective=CAP_KILL|CAP_NET_BIND_SERVICE|CAP_AUDIT_WRITE permitted=CAP_KILL|CAP_NET_BIND_SERVICE|CAP_AUDIT_WRITE",
        "confine noNewPrivileges",
        "gate awaitStart",
        "exec execute argv=[sh] env=[PATH=/usr/bin:/bin TERM=xterm] search=/usr/bin:/bin",
        "ending supervise",
      ]
    `);
  });

  test('is run from a sealed copy of nsexec, as its root is the host’s', () => {
    expect(seal).toBe(true);
  });
});
