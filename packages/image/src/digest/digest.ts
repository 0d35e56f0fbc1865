import {MinicontainerError} from '@minicontainer/errors';
import {remoteText} from '../registry/remote-text.ts';

/** What content is named by: `sha256:` or `sha512:` and as many lower case hexadecimal digits. */
export type Digest = `sha256:${string}` | `sha512:${string}`;

export type DigestAlgorithm = 'sha256' | 'sha512';

const digits = {sha256: 64, sha512: 128} as const satisfies Record<DigestAlgorithm, number>;

/**
 * A digest from outside. Nothing else becomes part of a path.
 *
 * @param what names its place in an error, such as `layers[2].digest`
 * @throws {MinicontainerError} `EDIGEST` for another algorithm, another length, or other characters
 * @see OCI image spec, descriptor.md, "Digests"
 */
export function parseDigest(text: string, what = 'digest'): Digest {
  if (isDigest(text)) return text;
  throw new MinicontainerError(
    'EDIGEST',
    `${what} ${remoteText(JSON.stringify(text), 160)} ${fault(text)}`,
    {
      hint: 'a digest is sha256: and 64, or sha512: and 128 lower case hexadecimal digits',
    },
  );
}

export function isDigest(text: string): text is Digest {
  return /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/.test(text);
}

function fault(text: string): string {
  const [, algorithm, encoded] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  if (algorithm === undefined || encoded === undefined) return 'has no algorithm';
  if (!isAlgorithm(algorithm)) return 'is of an algorithm that is not known';
  if (encoded.length !== digits[algorithm]) {
    return `has ${encoded.length} digits and not ${digits[algorithm]}`;
  }
  return 'is not of lower case hexadecimal digits';
}

function isAlgorithm(text: string): text is DigestAlgorithm {
  return Object.hasOwn(digits, text);
}

/** The digits without the algorithm. */
export function hexOf(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1);
}

export function algorithmOf(digest: Digest): DigestAlgorithm {
  return digest.startsWith('sha512:') ? 'sha512' : 'sha256';
}

/** The first twelve digits, as tables and progress show a digest. */
export function shortDigest(digest: Digest): string {
  return hexOf(digest).slice(0, 12);
}
