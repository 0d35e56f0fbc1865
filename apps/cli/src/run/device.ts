import {resolve} from 'node:path';
import type {DeviceRequest} from '@minicontainer/engine';
import type {Caller} from './caller.ts';
import {quoted, refuse} from './refuse.ts';

const EXAMPLE = 'for example --device /dev/fuse or --device /dev/sdb:/dev/disk:r';

/** `--device SOURCE[:TARGET][:ACCESS]` as Docker and Podman have it; access is some of r, w and m. */
export function parseDevice(text: string, caller: Caller): DeviceRequest {
  const flag = `--device ${quoted(text)}`;
  const [source = '', second, third, ...more] = text.split(':');
  const isAccess = second !== undefined && third === undefined && !second.startsWith('/');
  const target = isAccess ? source : (second ?? source);
  const access = (isAccess ? second : third) ?? 'rwm';
  if (source === '' || more.length > 0) throw refuse(`${flag} is no device`, EXAMPLE);
  if (!/^(?!.*(.).*\1)[rwm]+$/.test(access)) {
    throw refuse(`${flag}: ${quoted(access)} is no access`, 'it is some of r, w and m, such as rw');
  }
  const path = source.startsWith('/') ? resolve(source) : resolve(caller.cwd(), source);
  const place = isAccess || second === undefined ? path : target;
  if (!place.startsWith('/'))
    throw refuse(`${flag}: ${quoted(place)} is no absolute path`, EXAMPLE);
  return {source: path, target: place, access};
}
