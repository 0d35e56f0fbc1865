export type KernelVersion = readonly [major: number, minor: number];

/** @param release as uname(2) has it, `6.1.0-18-cloud-amd64` */
export function parseRelease(release: string): KernelVersion {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  return [Number(major ?? 0), Number(minor ?? 0)];
}

export function isSince([major, minor]: KernelVersion, [wanted, least]: KernelVersion): boolean {
  return major > wanted || (major === wanted && minor >= least);
}
