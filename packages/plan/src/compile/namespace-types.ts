import type {Namespace, NamespaceType, Spec} from '@minicontainer/spec';

/** Flags of clone(2), unshare(2) and setns(2). */
export const cloneFlag = {
  mount: 0x00020000n,
  cgroup: 0x02000000n,
  uts: 0x04000000n,
  ipc: 0x08000000n,
  user: 0x10000000n,
  pid: 0x20000000n,
  network: 0x40000000n,
  time: 0x80n,
} as const satisfies Record<NamespaceType, bigint>;

/** CLONE_PARENT: the supervisor is the parent of the container, and then whoever reaps for the caller. */
export const cloneParent = 0x8000n;

/** What a spec says of one type: a new one, or with a path one to join; the host's where it says nothing. */
export function namespaceOf(spec: Spec, type: NamespaceType): Namespace | undefined {
  return spec.linux?.namespaces?.find((namespace) => namespace.type === type);
}

/** Whether a spec asks for a namespace of this type other than the caller's. */
export function hasNamespace(spec: Spec, type: NamespaceType): boolean {
  return namespaceOf(spec, type) !== undefined;
}

/** Whether a spec asks for a new namespace of this type. */
export function isNew(spec: Spec, type: NamespaceType): boolean {
  const namespace = namespaceOf(spec, type);
  return namespace !== undefined && namespace.path === undefined;
}
