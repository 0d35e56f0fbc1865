import {MinicontainerError} from '@minicontainer/errors';
import type {Device, DeviceRule} from '../config/devices.ts';
import type {Linux} from '../config/linux.ts';
import type {Process} from '../config/process.ts';
import {quote} from '../quote.ts';
import {defaultMaskedPaths, defaultReadonlyPaths} from './paths.ts';
import type {ContainerRequest} from './request.ts';

/** What a container may be asked to have of the kernel's controls, or to do without. */
export interface ControlRequest {
  /** The NIS domain name. */
  readonly domainname?: string;
  /** Kernel parameters of the container's own namespaces, by name. */
  readonly sysctl?: Readonly<Record<string, string>>;
  /** Besides the default ones; and what it may do to them, where its cgroup filters devices. */
  readonly devices?: readonly Device[];
  readonly deviceRules?: readonly DeviceRule[];
  readonly apparmorProfile?: string;
  readonly selinuxLabel?: string;
  /** The SELinux label of files in the container's own file systems. */
  readonly mountLabel?: string;
  /** Default masked and read-only paths to leave open, each with a `*` for any name; `ALL` is all. */
  readonly unmask?: readonly string[];
  /** Besides the default ones of /proc: `hidepid=2`, `subset=pid`, … */
  readonly procOptions?: readonly string[];
}

/** What is said of the process. */
export function buildLabels({apparmorProfile, selinuxLabel}: ControlRequest): Partial<Process> {
  return {
    ...(apparmorProfile === undefined ? {} : {apparmorProfile}),
    ...(selinuxLabel === undefined ? {} : {selinuxLabel}),
  };
}

export function buildControls(request: ContainerRequest): Partial<Linux> {
  const {privileged, sysctl, mountLabel} = request;
  const isHidden = (path: string) => !privileged && !isUnmasked(path, request.unmask ?? []);
  return {
    maskedPaths: [...defaultMaskedPaths.filter(isHidden), ...(request.maskedPaths ?? [])],
    readonlyPaths: defaultReadonlyPaths.filter(isHidden),
    ...(sysctl === undefined ? {} : {sysctl: {...sysctl}}),
    ...(request.devices === undefined ? {} : {devices: structuredClone(request.devices)}),
    ...buildResources(request),
    ...(mountLabel === undefined ? {} : {mountLabel}),
  };
}

function buildResources({resources, deviceRules}: ContainerRequest): Pick<Linux, 'resources'> {
  if (resources === undefined && deviceRules === undefined) return {};
  const devices = [...(resources?.devices ?? []), ...(deviceRules ?? [])];
  return {
    resources: structuredClone({...resources, ...(devices.length > 0 && {devices})}),
  };
}

/** @throws {MinicontainerError} `EREQUEST` */
export function checkControls(request: ControlRequest): void {
  const {domainname = '', sysctl = {}, procOptions = [], unmask = []} = request;
  demand(Buffer.byteLength(domainname) <= 64, 'the domain name has more than 64 bytes');
  for (const {path, major = 0, minor = 0, type} of request.devices ?? []) {
    demand(path.startsWith('/') && !path.includes('\0'), `no place for a device: ${quote(path)}`);
    const numbers = [major, minor].every((number) => Number.isInteger(number) && number >= 0);
    demand(numbers && /^[bcup]$/.test(type), `no device: ${type} ${major}:${minor}`);
  }
  for (const pattern of unmask) {
    const holds = pattern === 'ALL' || pattern.startsWith('/');
    demand(holds, `a path to unmask is ALL or absolute, not ${quote(pattern)}`);
  }
  demand(!Object.hasOwn(sysctl, ''), 'a kernel parameter has no name');
  const labels = [request.apparmorProfile, request.selinuxLabel, request.mountLabel];
  const texts = [domainname, ...Object.entries(sysctl).flat(), ...procOptions, ...unmask];
  for (const text of [...texts, ...labels]) {
    demand(!text?.includes('\0'), `a NUL byte is in ${quote(text ?? '')}`);
  }
}

/** As Podman has it: what lies below a path that is named is meant too. */
function isUnmasked(path: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    if (pattern === 'ALL') return true;
    const parts = pattern.replace(/\/+$/, '').split('/');
    const own = path.split('/');
    return parts.every((part, index) => matches(own[index], part));
  });
}

function matches(name: string | undefined, pattern: string): boolean {
  if (name === undefined) return false;
  const pieces = pattern.split('*').map((piece) => piece.replaceAll(/[^\w-]/g, '\\$&'));
  return new RegExp(`^${pieces.join('.*')}$`, 's').test(name);
}

function demand(holds: boolean, message: string): asserts holds {
  if (!holds) throw new MinicontainerError('EREQUEST', message);
}
