import {cloneSource, type Operation, operation} from '@minicontainer/plan';
import type {Builder, OwnFiles, RootContribution} from './contribution.ts';
import {attachRoot, coverFiles} from './directory.ts';
import {clonesAsSupervisor, requireAttributes} from './overlay.ts';

/** Unpacked layers of an image. */
export interface Layers {
  /** The directory that they lie in, on one file system; an absolute path. */
  readonly directory: string;
  /** Their paths in it, lowest first; 1 to 128. */
  readonly paths: readonly string[];
  /** Which of them says what the root itself is; a root of mode 0755 unless given. */
  readonly root?: string | undefined;
}

/** Flags of mount(2). */
const noDev = 4n;
const readOnly = 1n;

/**
 * Layers as the root file system, copy on write. What the container writes lies on the disk, as an image's
 * programs may write much: in memory it would count as the container's own.
 */
export function layersRoot(layers: Layers, builder: Builder, files: OwnFiles): RootContribution {
  const supervisor = clonesAsSupervisor(builder);
  const stage = supervisor ? 'prepare' : 'build';
  const why = "the image's layers, copied when they are written";
  return {
    root: [
      ...cloneSource(builder.diskDirectory, false, 'rw-disk', stage, 'what the container writes'),
      ...(supervisor ? shiftedLayers(layers.directory) : []),
      directory('rw', 'what the container writes'),
      operation(
        'build',
        'attachMount',
        {
          mount: 'rw-disk',
          root: 'scratch',
          target: 'rw',
          file: false,
          create: false,
          follow: false,
        },
        'only what is attached can be an upper directory',
      ),
      operation(
        'build',
        'openPath',
        {root: 'scratch', path: 'rw', to: 'rw'},
        'what the container writes',
      ),
      requireAttributes(),
      directory('rw/upper', 'what is written lands here'),
      ...rootAttributes(layers, supervisor),
      directory('rw/work', "the overlay's own"),
      directory('layers', why),
      operation('build', 'openPath', {root: 'scratch', path: 'layers', to: 'layers'}, why),
      operation(
        'build',
        'mountLayers',
        {
          directory: 'layers',
          lowers: topFirst(layers, supervisor ? '../shifted' : layers.directory),
          options: ['upperdir=../rw/upper', 'workdir=../rw/work', 'userxattr', 'volatile'],
          flags: noDev,
          to: 'root',
        },
        why,
      ),
      attachRoot(),
    ],
    files: coverFiles(files),
  };
}

/** The root of an overlay is as its upper directory is when it is mounted. */
function rootAttributes({directory, root}: Layers, supervisor: boolean): Operation[] {
  if (root === undefined) return [];
  const why = 'the root is to be as the image says';
  return [
    ...(supervisor
      ? []
      : [operation('build', 'openPath', {root: undefined, path: directory, to: 'shifted'}, why)]),
    operation(
      'build',
      'inheritDirectory',
      {from: 'shifted', path: root, to: 'scratch', place: 'rw/upper'},
      why,
    ),
  ];
}

/** In slot `lower`: what a layer lies on, for its unpacking to look at. Of the stage `keep`. */
export function layersBeneath(directories: readonly string[]): Operation[] {
  const why = 'the layers below, which this one adds to';
  const [only] = directories;
  if (directories.length === 1 && only !== undefined) {
    return [operation('keep', 'openPath', {root: undefined, path: only, to: 'lower'}, why)];
  }
  return [
    operation('keep', 'makeDirectory', {root: 'scratch', path: 'layers', mode: 0o755}, why),
    operation('keep', 'openPath', {root: 'scratch', path: 'layers', to: 'layers'}, why),
    operation(
      'keep',
      'mountLayers',
      {
        directory: 'layers',
        lowers: directories.toReversed(),
        options: ['userxattr'],
        flags: noDev | readOnly,
        to: 'lower',
      },
      why,
    ),
  ];
}

/** All of them by one clone: a layer is a directory in it. */
function shiftedLayers(path: string): Operation[] {
  const why = 'files of root in an image are to belong to container root';
  return [
    ...cloneSource(path, false, 'shifted', 'prepare', why),
    operation(
      'attach',
      'idmapMount',
      {mount: 'shifted', namespace: undefined, recursive: false},
      why,
    ),
    directory('shifted', why),
    operation(
      'build',
      'attachMount',
      {
        mount: 'shifted',
        root: 'scratch',
        target: 'shifted',
        file: false,
        create: false,
        follow: false,
      },
      'only what is attached can be a lower directory',
    ),
  ];
}

function topFirst({paths}: Layers, directory: string): string[] {
  return paths.map((path) => `${directory}/${path}`).toReversed();
}

function directory(path: string, why: string): Operation {
  return operation('build', 'makeDirectory', {root: 'scratch', path, mode: 0o755}, why);
}
