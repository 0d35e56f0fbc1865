import {posix} from 'node:path';
import {MinicontainerError} from '@minicontainer/errors';
import type {StoredImage} from '@minicontainer/image';
import type {RunOptions} from '../options.ts';

/**
 * Options with what the image says where they say nothing.
 *
 * @param name of the image, for errors
 * @throws {MinicontainerError} `EIMAGE` when neither says what to run
 * @see OCI image spec, conversion.md
 */
export function applySettings(options: RunOptions, image: StoredImage, name: string): RunOptions {
  const {settings} = image;
  const user = options.user ?? userOf(options, settings.User);
  const workdir = options.workdir ?? settings.WorkingDir;
  const readOnly = options.readOnly ?? false;
  return {
    ...options,
    command: commandOf(options, image, name),
    env: {...environmentOf(settings.Env ?? []), ...options.env},
    ...(user !== undefined && {user}),
    ...(workdir && {workdir: posix.resolve('/', workdir)}),
    // All else that the container writes goes with it, too.
    ...(readOnly && {volumes: (settings.Volumes ?? []).map((path) => posix.resolve('/', path))}),
    annotations: annotationsOf(image),
  };
}

function commandOf(
  {entrypoint, command}: RunOptions,
  {settings}: StoredImage,
  name: string,
): readonly string[] {
  const words =
    entrypoint === undefined
      ? [...(settings.Entrypoint ?? []), ...(command.length > 0 ? command : (settings.Cmd ?? []))]
      : [...entrypoint, ...command];
  if (words.length > 0) return words;
  throw new MinicontainerError('EIMAGE', `the image ${name} does not say what to run`, {
    hint: `give a command: minicontainer run ${name} /bin/sh`,
  });
}

/** Who wants to be itself inside is not the image's user. */
function userOf({userns}: RunOptions, user: string | undefined): string | undefined {
  const keeps = userns === 'keep-id' || (typeof userns === 'object' && userns.kind === 'keep-id');
  return keeps || user === '' ? undefined : user;
}

function environmentOf(lines: readonly string[]): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const line of lines) {
    const equals = line.indexOf('=');
    if (equals > 0) variables[line.slice(0, equals)] = line.slice(equals + 1);
  }
  return variables;
}

function annotationsOf({settings, platform, created}: StoredImage): Record<string, string> {
  const {StopSignal, ExposedPorts, Labels} = settings;
  const prefix = 'org.opencontainers.image.';
  return {
    [`${prefix}os`]: platform.os,
    [`${prefix}architecture`]: platform.architecture,
    ...(created && {[`${prefix}created`]: created}),
    ...(StopSignal && {[`${prefix}stopSignal`]: StopSignal}),
    ...(ExposedPorts?.length && {[`${prefix}exposedPorts`]: ExposedPorts.join(',')}),
    ...Labels,
  };
}
