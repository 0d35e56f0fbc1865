import type {MountRequest, RunOptions} from '@minicontainer/engine';
import type {Caller} from './caller.ts';
import {controlOptions} from './controls.ts';
import {parseDevice} from './device.ts';
import {environment} from './environment.ts';
import type {RunFlags} from './flags.ts';
import {isolation} from './isolation.ts';
import {limitOptions} from './limits.ts';
import {parseMount} from './mount.ts';
import {quoted, refuse} from './refuse.ts';
import {resourceOptions} from './resources.ts';
import {securityOptions} from './security.ts';
import {sourceAndCommand} from './source.ts';
import {parseTmpfs} from './tmpfs.ts';
import {parseVolume} from './volume.ts';

/**
 * What the flags of `run` ask of the engine.
 *
 * @throws {UsageError} naming the flag that is malformed, unknown or contradicts another
 */
export function runOptions(flags: RunFlags, caller: Caller): RunOptions {
  const {workdir, user, hostname} = flags;
  if (flags.interactive === false) {
    throw refuse('stdin is always attached: -i=false is not possible', 'write < /dev/null instead');
  }
  if (workdir !== undefined && !workdir.startsWith('/')) {
    throw refuse(`-w ${quoted(workdir)} is not an absolute path of the container`);
  }
  const env = environment(flags.env ?? [], flags.envFile ?? [], caller);
  const mounts = mountRequests(flags, caller);
  return {
    ...sourceAndCommand(flags, caller),
    ...isolation(flags),
    ...securityOptions(flags.securityOpt, caller),
    ...resourceOptions(flags),
    ...limitOptions(flags),
    ...controlOptions(flags),
    ...(flags.device && {devices: flags.device.map((text) => parseDevice(text, caller))}),
    ...(Object.keys(env).length > 0 && {env}),
    ...(workdir !== undefined && {workdir}),
    ...(user && {user}),
    ...(hostname && {hostname}),
    ...((flags.tty ?? caller.terminal) && {terminal: true}),
    ...(flags.init === true && {init: true}),
    ...(flags.readOnly === true && {readOnly: true}),
    ...(mounts.length > 0 && {mounts}),
  };
}

function mountRequests(flags: RunFlags, caller: Caller): MountRequest[] {
  const mounts = [
    ...(flags.volume ?? []).map((text) => parseVolume(text, caller)),
    ...(flags.mount ?? []).map((text) => parseMount(text, caller)),
    ...(flags.tmpfs ?? []).map(parseTmpfs),
  ];
  const targets = new Set<string>();
  for (const {target} of mounts) {
    if (targets.has(target))
      throw refuse(`two mounts on ${quoted(target)}`, 'leave one of them out');
    targets.add(target);
  }
  return mounts;
}
