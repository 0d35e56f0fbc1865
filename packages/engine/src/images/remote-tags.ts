import {MinicontainerError} from '@minicontainer/errors';
import {fullName, parseReference} from '@minicontainer/image';
import {openRegistries, type RegistryOptions} from '@minicontainer/image/registry';
import {parseArchiveSource} from '../image/archive-source.ts';

/**
 * All images of a repository, by name and tag, as its registry has them.
 *
 * @param text a repository: a name without tag and digest
 * @throws {MinicontainerError} `EREFERENCE`, `EREGISTRY`, `EAUTH`, `ENETWORK`
 */
export async function remoteTags(
  text: string,
  options: RegistryOptions = {},
): Promise<readonly string[]> {
  if (parseArchiveSource(text) !== undefined) throw notOne(text, 'an archive has no registry');
  const reference = parseReference(text);
  // In Docker's words.
  if (reference.tag !== undefined || reference.digest !== undefined) {
    throw notOne(text, "tag can't be used with --all-tags/-a");
  }
  await using registries = await openRegistries(options);
  const tags = await registries.repository(reference).tags();
  if (tags.length > 0) return tags.map((tag) => fullName(parseReference(`${text}:${tag}`)));
  throw new MinicontainerError('EREGISTRY', `${reference.registry} has no tags of ${text}`);
}

function notOne(text: string, why: string): MinicontainerError {
  return new MinicontainerError('EREFERENCE', `${text}: ${why}`, {
    hint: 'name a repository alone, such as debian',
  });
}
