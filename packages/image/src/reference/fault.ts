import {isRegistry, isRepository, isTag} from './grammar.ts';

/** What is wrong with the parts of a reference that is none, the first of them, in words. */
export function faultOf(parts: {
  readonly name: string;
  readonly registry: string;
  readonly repository: string;
  readonly tag: string | undefined;
}): string {
  const {name, registry, repository, tag} = parts;
  if (name === '') return 'it has no name';
  if (/^[0-9a-f]{64}$/.test(name)) return '64 hexadecimal digits are the id of an image';
  if (!isRegistry(registry)) return `${JSON.stringify(registry)} is no host`;
  if (isRepository(repository.toLowerCase()) && !isRepository(repository)) {
    return 'its repository must be in lower case';
  }
  if (!isRepository(repository)) return `${JSON.stringify(repository)} is no repository`;
  if (tag === '') return 'its tag is empty';
  if (tag !== undefined && !isTag(tag)) return `${JSON.stringify(tag.slice(0, 140))} is no tag`;
  return 'it is malformed';
}
