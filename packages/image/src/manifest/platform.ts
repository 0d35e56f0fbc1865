import {MinicontainerError} from '@minicontainer/errors';

/** What an image was built for, in Go's words. @see OCI image spec, image-index.md */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly 'os.version'?: string;
  readonly 'os.features'?: readonly string[];
}

const fromNode: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  ppc64: 'ppc64le',
  mipsel: 'mipsle',
};

/** Of this machine; a 32-bit ARM is taken for version 7, as all that run Node are. */
export function hostPlatform(): Platform {
  return normalized('linux', fromNode[process.arch] ?? process.arch, undefined);
}

const aliases: Readonly<Record<string, {architecture: string; variant?: string}>> = {
  x86_64: {architecture: 'amd64'},
  'x86-64': {architecture: 'amd64'},
  i386: {architecture: '386'},
  i686: {architecture: '386'},
  aarch64: {architecture: 'arm64'},
  armhf: {architecture: 'arm', variant: 'v7'},
  armel: {architecture: 'arm', variant: 'v6'},
};

/**
 * A platform as `--platform` has it: `linux/arm64/v8`, `linux/amd64`, `arm64`, `linux`.
 *
 * @throws {MinicontainerError} `EPLATFORM`
 */
export function parsePlatform(text: string): Platform {
  const parts = text.toLowerCase().split('/');
  const [first = '', second, variant] = parts;
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9][a-z0-9_.-]*$/.test(part))) {
    throw new MinicontainerError('EPLATFORM', `${JSON.stringify(text)} is no platform`, {
      hint: 'write OS/ARCHITECTURE[/VARIANT], such as linux/amd64 or linux/arm/v7',
    });
  }
  if (second !== undefined) return normalized(first, second, variant);
  if (knownSystems.has(first)) return normalized(first, hostPlatform().architecture, undefined);
  return normalized('linux', first, undefined);
}

const knownSystems: ReadonlySet<string> = new Set(['linux', 'windows', 'freebsd', 'darwin']);

/** `linux/arm64`, `linux/arm/v7`: as one line, the variant that everything has left out. */
export function formatPlatform(platform: Platform): string {
  const {os, architecture, variant} = normalized(
    platform.os,
    platform.architecture,
    platform.variant,
  );
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}

function normalized(os: string, architecture: string, variant: string | undefined): Platform {
  const alias = Object.hasOwn(aliases, architecture) ? aliases[architecture] : undefined;
  const name = alias?.architecture ?? architecture;
  const kept = variantOf(name, variant ?? alias?.variant);
  return Object.freeze({os, architecture: name, ...(kept === undefined ? {} : {variant: kept})});
}

/** arm64 is version 8 and arm version 7 unless said; amd64 version 1 says nothing. */
function variantOf(architecture: string, variant: string | undefined): string | undefined {
  const word = variant === undefined || /^v/.test(variant) ? variant : `v${variant}`;
  if (architecture === 'arm') return word ?? 'v7';
  if (architecture === 'arm64' && word === 'v8') return undefined;
  if (architecture === 'amd64' && word === 'v1') return undefined;
  return word;
}

/**
 * How well an image of one platform runs on another: 0 for the best, more for older variants, undefined for
 * not at all. An older variant of the same architecture runs on a newer, and never the other way round.
 */
export function platformDistance(image: Platform, wanted: Platform): number | undefined {
  const one = normalized(image.os, image.architecture, image.variant);
  const other = normalized(wanted.os, wanted.architecture, wanted.variant);
  if (one.os !== other.os || one.architecture !== other.architecture) return undefined;
  if (one.variant === other.variant) return 0;
  const lowest = lowestVersion[one.architecture];
  if (lowest === undefined) return undefined;
  const distance = version(other.variant, lowest) - version(one.variant, lowest);
  return distance > 0 ? distance : undefined;
}

/** Architectures whose variants are versions, and what no variant means. */
const lowestVersion: Readonly<Record<string, number>> = {arm: 5, arm64: 8, amd64: 1};

function version(variant: string | undefined, lowest: number): number {
  return variant === undefined
    ? lowest
    : Number(/^v(\d+(?:\.\d+)?)$/.exec(variant)?.[1] ?? Number.NaN);
}
