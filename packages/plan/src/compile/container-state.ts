import type {Spec} from '@minicontainer/spec';

/**
 * A container's state as JSON, in the two parts that its pid stands between: it is known when there is a
 * process, and a text of the caller's may look like any mark that we could put there.
 *
 * @see OCI runtime spec, runtime.md, "State"
 */
export function containerState(
  {ociVersion, annotations}: Spec,
  id: string,
  bundle: string,
  status: 'creating' | 'created' | 'running' | 'stopped',
): readonly [string, string] {
  const json = JSON.stringify;
  return [
    `{"ociVersion":${json(ociVersion)},"id":${json(id)},"status":"${status}","pid":`,
    `,"bundle":${json(bundle)}${annotations === undefined ? '' : `,"annotations":${json(annotations)}`}}`,
  ];
}
