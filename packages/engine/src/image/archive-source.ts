import {MinicontainerError} from '@minicontainer/errors';

/** An image that is named by the archive or directory that it is in. */
export interface ArchiveSource {
  readonly form: 'oci' | 'docker';
  readonly path: string;
  /** Which of its images: a tag of a layout, a name in Docker's archive. */
  readonly wanted?: string;
}

const forms: ReadonlyMap<string, ArchiveSource['form']> = new Map([
  ['oci', 'oci'],
  ['oci-archive', 'oci'],
  ['docker-archive', 'docker'],
]);

/**
 * `oci:DIR[:TAG]`, `oci-archive:FILE[:TAG]`, `docker-archive:FILE[:NAME]`, as skopeo and podman name images
 * beside registries.
 *
 * @returns undefined for the name of an image in a registry
 * @throws {MinicontainerError} `EREFERENCE` when there is no path
 */
export function parseArchiveSource(text: string): ArchiveSource | undefined {
  const [, transport = '', path = '', wanted] = /^([a-z-]+):([^:]*)(?::(.*))?$/s.exec(text) ?? [];
  const form = forms.get(transport);
  if (form === undefined) return undefined;
  if (path === '') {
    throw new MinicontainerError('EREFERENCE', `${JSON.stringify(text)} names no file`, {
      hint: 'write oci:DIR[:TAG], oci-archive:FILE[:TAG] or docker-archive:FILE[:NAME]',
    });
  }
  return {form, path, ...(wanted ? {wanted} : {})};
}
