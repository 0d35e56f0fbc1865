import {MinicontainerError} from '@minicontainer/errors';
import {type Digest, parseDigest} from '../digest/digest.ts';
import {remoteText} from '../registry/remote-text.ts';
import {faultOf} from './fault.ts';
import {
  defaultRegistry,
  isRegistry,
  isRepository,
  isTag,
  longestRepository,
  officialPrefix,
} from './grammar.ts';

/** An image named by registry and repository, and there by tag, by digest, or by both. */
export interface ImageReference {
  /** Host and, where there is one, port: `docker.io`, `localhost:5000`, `[::1]:5000`. */
  readonly registry: string;
  /** Path without the registry: `library/debian`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

/**
 * A reference as people write it, made whole as Docker does: `debian` is `docker.io/library/debian`. What
 * stands before the first slash is a registry if it has a dot, a colon or an upper case letter, or is
 * `localhost`. A missing tag stays missing; `fullName` says `latest` for it.
 *
 * @throws {MinicontainerError} `EREFERENCE`, and `EDIGEST` for a digest that is none
 * @see distribution/reference, "Grammar"
 */
export function parseReference(text: string): ImageReference {
  const {name, tag, digest} = split(text);
  const {registry, repository} = withDefaults(name);
  const isValid =
    isRegistry(registry) && isRepository(repository) && (tag === undefined || isTag(tag));
  // 64 digits are an image's id: as the name of a repository they would hide it.
  if (!isValid || /^[0-9a-f]{64}$/.test(name)) {
    throw unparsable(text, faultOf({name, registry, repository, tag}));
  }
  if (repository.length > longestRepository) {
    throw unparsable(text, `its repository is longer than ${longestRepository} characters`);
  }
  return Object.freeze({
    registry,
    repository,
    ...(tag === undefined ? {} : {tag}),
    ...(digest === undefined ? {} : {digest: parseDigest(digest, `in ${quote(text)}: digest`)}),
  });
}

/** Everything said: `docker.io/library/debian:12`. Without tag and digest it is `latest`. */
export function fullName(reference: ImageReference): string {
  return `${reference.registry}/${reference.repository}${suffix(reference)}`;
}

/** As short as it can be said, and mean the same: `debian:12`. */
export function familiarName(reference: ImageReference): string {
  return `${familiarRepository(reference)}${suffix(reference)}`;
}

/** Registry and repository without what Docker takes for granted: `debian`, `quay.io/podman/hello`. */
export function familiarRepository({registry, repository}: ImageReference): string {
  if (registry !== defaultRegistry) return `${registry}/${repository}`;
  const rest = repository.slice(officialPrefix.length);
  if (repository.startsWith(officialPrefix) && !rest.includes('/')) return rest;
  // Alone it would be read as a host.
  return startsWithHost(repository) ? `${registry}/${repository}` : repository;
}

function startsWithHost(name: string): boolean {
  const slash = name.indexOf('/');
  const first = name.slice(0, slash);
  return slash !== -1 && (first === 'localhost' || /[.:A-Z]/.test(first));
}

function suffix({tag, digest}: ImageReference): string {
  const tagged = tag === undefined ? (digest === undefined ? ':latest' : '') : `:${tag}`;
  return digest === undefined ? tagged : `${tagged}@${digest}`;
}

/** A colon before the last slash belongs to a port, and one in brackets to an address. */
function split(text: string): {name: string; tag?: string; digest?: string} {
  const at = text.indexOf('@');
  const [named, digest] = at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const isTagged = colon !== -1 && !named.startsWith('[', named.lastIndexOf('/') + 1);
  return {
    name: isTagged ? named.slice(0, colon) : named,
    ...(isTagged ? {tag: named.slice(colon + 1)} : {}),
    ...(digest === undefined ? {} : {digest}),
  };
}

function withDefaults(name: string): {registry: string; repository: string} {
  const isHost = startsWithHost(name);
  const slash = name.indexOf('/');
  const registry = isHost ? name.slice(0, slash) : defaultRegistry;
  const path = isHost ? name.slice(slash + 1) : name;
  if (registry !== defaultRegistry && registry !== 'index.docker.io') {
    return {registry, repository: path};
  }
  return {
    registry: defaultRegistry,
    repository: path.includes('/') ? path : `${officialPrefix}${path}`,
  };
}

function unparsable(text: string, fault: string): MinicontainerError {
  return new MinicontainerError('EREFERENCE', `${quote(text)} names no image: ${fault}`, {
    hint: 'write [HOST[:PORT]/]NAME[:TAG][@sha256:DIGEST], in lower case, such as debian:12',
  });
}

function quote(text: string): string {
  return remoteText(JSON.stringify(text));
}
