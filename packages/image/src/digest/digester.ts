import {createHash} from 'node:crypto';
import {algorithmOf, type Digest, type DigestAlgorithm, parseDigest} from './digest.ts';

/** Takes bytes as they come, and says their digest once. */
export interface Digester {
  /** How many bytes it has taken. */
  readonly length: number;
  update(bytes: Uint8Array): void;
  digest(): Digest;
}

/** A digester of the algorithm that another digest is of, so that both can be compared. */
export function digesterLike(digest: Digest): Digester {
  return digester(algorithmOf(digest));
}

export function digester(algorithm: DigestAlgorithm = 'sha256'): Digester {
  const hash = createHash(algorithm);
  let length = 0;
  return {
    get length() {
      return length;
    },
    update: (bytes) => {
      hash.update(bytes);
      length += bytes.length;
    },
    digest: () => parseDigest(`${algorithm}:${hash.digest('hex')}`),
  };
}

/** The digest of bytes that are there as a whole. */
export function digestOf(bytes: Uint8Array, algorithm: DigestAlgorithm = 'sha256'): Digest {
  const taker = digester(algorithm);
  taker.update(bytes);
  return taker.digest();
}
