import type {ImageInspection} from '@minicontainer/engine/images';
import {nilList, nilMap, omitEmpty, type Struct, type Value} from '../template/index.ts';

/** All that is known of an image, in Docker's fields and order, for JSON and for templates. */
export function inspectionValue(image: ImageInspection): Struct {
  const value = {
    Id: image.Id,
    RepoTags: image.RepoTags,
    RepoDigests: image.RepoDigests,
    Parent: '',
    Comment: image.Comment,
    Created: image.Created,
    Author: image.Author,
    Config: configValue(image.Config),
    Architecture: image.Architecture,
    Variant: image.Variant ?? '',
    Os: image.Os,
    Size: image.Size,
    RootFS: {Type: image.RootFS.Type, Layers: image.RootFS.Layers},
    Metadata: {LastTagTime: image.Metadata.LastTagTime},
    Descriptor: {
      mediaType: image.Descriptor.mediaType,
      digest: image.Descriptor.digest,
      size: image.Descriptor.size,
    },
  };
  return omitEmpty(value, ['Variant']);
}

/** Templates may ask for each of these, whether an image has it or not. */
const settings: Struct = {
  User: '',
  ExposedPorts: nilMap,
  Env: nilList,
  Entrypoint: nilList,
  Cmd: nilList,
  Volumes: nilMap,
  WorkingDir: '',
  Labels: nilMap,
  StopSignal: '',
  OnBuild: nilList,
  Shell: nilList,
};

function configValue(config: unknown): Struct {
  if (typeof config !== 'object' || config === null) return omitEmpty({...settings});
  const entries = Object.entries(config).map(([name, value]): [string, Value] => [
    name,
    value === null ? settings[name] : jsonValue(value, settings[name] === nilMap),
  ]);
  return omitEmpty({...settings, ...Object.fromEntries(entries)});
}

function jsonValue(json: unknown, isMap: boolean): Value {
  if (typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean')
    return json;
  if (Array.isArray(json)) return json.map((member) => jsonValue(member, false));
  if (typeof json !== 'object' || json === null) return null;
  const entries = Object.entries(json).map(([name, member]): [string, Value] => [
    name,
    jsonValue(member, false),
  ]);
  return isMap ? new Map(entries) : Object.fromEntries(entries);
}
