import type {UserNamespace} from '@minicontainer/spec';
import type {TarHeader} from '@minicontainer/tar';
import type {Frame} from './frame.ts';
import {normalisePath, parentOf, quote, refuse} from './names.ts';
import {ownerAttribute, ownerOf} from './owners.ts';

const whiteoutPrefix = '.wh.';
const aufsPrefix = '.wh..wh.';
const opaqueName = '.wh..wh..opq';
/** Unless the caller knows better: what an enemy makes up has no end. */
const defaultEntryLimit = 4_000_000;
const extentLimit = 200_000;
const xattrBytesLimit = 1 << 20;
/** The kernel's XATTR_LIST_MAX: of all names together, each with its NUL. */
const xattrNamesLimit = 65_536;
/** How many directories are looked through, in all, for those that went with one that was replaced. */
const replacedLimit = 5_000_000;
const idLimit = 0xffff_ffff;

const fileTypes = {
  character: 0o020_000,
  block: 0o060_000,
  fifo: 0o010_000,
} as const;

/** What was left out of a layer, or is other than it says. */
export interface Omissions {
  /** Device files, which a plain user cannot make. */
  devices: number;
  /** Entries whose owner is beyond the ids that there are. */
  squashedOwners: number;
}

export interface JudgeOptions {
  /** The ids that files can belong to; all there are unless given. */
  readonly userNamespace?: UserNamespace | undefined;
  readonly mayMakeDevices: boolean;
  readonly entryLimit?: number | undefined;
}

/**
 * Decides what becomes of each entry of a layer's archive. Pure: it is told headers, and gives frames.
 *
 * @see OCI image spec, layer.md
 */
export class LayerJudge {
  readonly omissions: Omissions = {devices: 0, squashedOwners: 0};
  readonly #userNamespace: UserNamespace | undefined;
  readonly #mayMakeDevices: boolean;
  readonly #entryLimit: number;
  /** By path: its frame to settle it with, or nothing for one that the archive does not describe. */
  readonly #directories = new Map<string, Frame | undefined>([['', undefined]]);
  #entries = 0;
  #lookedThrough = 0;

  constructor({userNamespace, mayMakeDevices, entryLimit = defaultEntryLimit}: JudgeOptions) {
    this.#userNamespace = userNamespace;
    this.#mayMakeDevices = mayMakeDevices;
    this.#entryLimit = entryLimit;
  }

  /**
   * @returns what is to be made, in order; nothing for an entry that is left out
   * @throws {MinicontainerError} `EUNPACK`, which names the entry
   */
  judge(header: TarHeader): Frame[] {
    this.#entries += 1;
    if (this.#entries > this.#entryLimit) {
      refuse(header.path, 'number', `is beyond ${this.#entryLimit}`);
    }
    const path = normalisePath(header.path, 'name');
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    if (path.includes(whiteoutPrefix)) {
      if (isAufsMetadata(path) && name !== opaqueName) return [];
      if (parentOf(path).split('/').some(isWhiteoutName)) {
        refuse(header.path, 'name', 'lies in what is said to be gone');
      }
      if (name === opaqueName) return this.#opaque(parentOf(path));
      if (isWhiteoutName(name)) return this.#whiteout(header, path.slice(0, slash + 1), name);
    }
    const made = this.#make(header, path);
    return made === undefined ? [] : [...this.parentsOf(path), made];
  }

  /** Whether the archive says what the root itself is. */
  get describesRoot(): boolean {
    return this.#directories.get('') !== undefined;
  }

  /** Directories get their times when nothing more is put into them. */
  settle(): Frame[] {
    return [...this.#directories.values()].filter((frame) => frame !== undefined);
  }

  /** Of a hard link: its path and what it is another name of. */
  linkOf(header: TarHeader): readonly [path: string, link: string] {
    const path = normalisePath(header.path, 'name');
    return [path, normaliseLink(header, path)];
  }

  /** Directories that the archive has files in, and does not describe. */
  implicitDirectories(): string[] {
    return [...this.#directories]
      .filter(([path, frame]) => frame === undefined && path !== '')
      .map(([path]) => path);
  }

  /** The frames for the directories on the way to a path that are not there yet. */
  parentsOf(path: string): Frame[] {
    let parent = parentOf(path);
    if (this.#directories.has(parent)) return [];
    const missing: Frame[] = [];
    while (!this.#directories.has(parent)) {
      missing.unshift({kind: 'parent', path: parent});
      parent = parentOf(parent);
    }
    for (const frame of missing) this.#directories.set(frame.path, undefined);
    return missing;
  }

  #opaque(directory: string): Frame[] {
    return [...this.parentsOf(`${directory}/.`), {kind: 'opaque', path: directory}];
  }

  #whiteout(header: TarHeader, directory: string, name: string): Frame[] {
    const gone = name.slice(whiteoutPrefix.length);
    if (gone === '' || gone === '.' || gone === '..') {
      refuse(header.path, 'name', 'says that nothing, or a directory above, is gone');
    }
    const path = `${directory}${gone}`;
    return [...this.parentsOf(path), {kind: 'whiteout', path}];
  }

  #make(header: TarHeader, path: string): Frame | undefined {
    if (path === '' && header.type !== 'directory') {
      refuse(header.path, 'name', 'is the root, which is a directory');
    }
    if (header.type !== 'directory' && this.#directories.has(path)) this.#replace(header, path);
    switch (header.type) {
      case 'directory': {
        const frame = {kind: 'directory', path, ...this.#metadata(header, true)} as const;
        this.#directories.set(path, {
          kind: 'settle',
          path,
          mtimeSeconds: header.mtimeSeconds,
          mtimeNanoseconds: header.mtimeNanoseconds,
        });
        return frame;
      }
      case 'file':
        return {kind: 'file', path, ...this.#metadata(header, true), ...fileData(header)};
      case 'symlink':
        if (header.linkPath === '') refuse(header.path, 'target', 'is empty');
        if (header.linkPath.length > 4095) refuse(header.path, 'target', 'is too long');
        if (header.linkPath.includes('\0')) refuse(header.path, 'target', 'holds a NUL byte');
        return {kind: 'symlink', path, link: header.linkPath, ...this.#metadata(header, false)};
      case 'hardlink':
        return {kind: 'hardlink', path, link: normaliseLink(header, path)};
      case 'character':
      case 'block':
      case 'fifo':
        return this.#device(header, header.type, path);
      default:
        return header.type satisfies never;
    }
  }

  /** A directory that gives way to something else goes with all in it. */
  #replace(header: TarHeader, path: string): void {
    this.#lookedThrough += this.#directories.size;
    if (this.#lookedThrough > replacedLimit) {
      refuse(header.path, 'name', 'is one of too many that directories have had before');
    }
    for (const directory of this.#directories.keys()) {
      if (directory === path || directory.startsWith(`${path}/`)) {
        this.#directories.delete(directory);
      }
    }
  }

  #device(header: TarHeader, type: keyof typeof fileTypes, path: string): Frame | undefined {
    const {deviceMajor, deviceMinor} = header;
    if (type === 'character' && deviceMajor === 0 && deviceMinor === 0) {
      refuse(header.path, 'device', 'is 0:0, which would hide what lies below without saying so');
    }
    if (deviceMajor > 0xfff || deviceMinor > 0xf_ffff) {
      refuse(header.path, 'device', 'has a number that there is not');
    }
    if (type !== 'fifo' && !this.#mayMakeDevices) {
      this.omissions.devices += 1;
      return undefined;
    }
    const metadata = this.#metadata(header, false);
    return {
      kind: 'device',
      path,
      ...metadata,
      mode: metadata.mode | fileTypes[type],
      ...(type === 'fifo' ? {} : {deviceMajor, deviceMinor}),
    };
  }

  #metadata(header: TarHeader, remembers: boolean) {
    const {uid, gid} = header;
    if (!(isId(uid) && isId(gid))) refuse(header.path, 'owner', 'is no id');
    const owner = ownerOf(uid, gid, this.#userNamespace);
    if (owner.squashed) this.omissions.squashedOwners += 1;
    const xattrs = keptXattrs(header);
    // The kernel takes attributes of the user's for files and directories alone (xattr(7)).
    if (owner.squashed && remembers) xattrs.set(ownerAttribute, Buffer.from(`${uid}:${gid}`));
    return {
      mode: header.mode & 0o7777,
      uid: owner.uid,
      gid: owner.gid,
      mtimeSeconds: header.mtimeSeconds,
      mtimeNanoseconds: header.mtimeNanoseconds,
      ...(xattrs.size > 0 && {xattrs}),
    };
  }
}

function isWhiteoutName(name: string): boolean {
  return name.startsWith(whiteoutPrefix);
}

/** The union file system that whiteouts come from keeps hard links and more under such names. */
function isAufsMetadata(path: string): boolean {
  return path.split('/').some((name) => name.startsWith(aufsPrefix));
}

function isId(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id < idLimit;
}

function normaliseLink(header: TarHeader, path: string): string {
  const link = normalisePath(header.linkPath, 'target');
  if (link === '') refuse(header.path, 'target', 'is the root');
  if (link.startsWith(`${path}/`))
    refuse(header.path, 'target', 'lies in what it takes the place of');
  if (link.split('/').some(isWhiteoutName)) refuse(header.path, 'target', 'is a mark, not a file');
  return link;
}

function fileData(header: TarHeader): Pick<Frame, 'fileSize' | 'sparse'> {
  const {fileSize, sparse} = header;
  if (!Number.isSafeInteger(fileSize)) refuse(header.path, 'size', 'is beyond all bounds');
  if (sparse === undefined) return {fileSize};
  if (sparse.length > extentLimit)
    refuse(header.path, 'data', `have more than ${extentLimit} parts`);
  return {fileSize, sparse};
}

/**
 * File capabilities and the user's own. What tells an overlay what to hide, and what labels files for a
 * security module of this machine, is not an image's to say.
 */
function keptXattrs({path, xattrs}: TarHeader): Map<string, Uint8Array> {
  const kept = new Map<string, Uint8Array>();
  let bytes = 0;
  let names = 0;
  for (const [name, value] of xattrs) {
    if (!isKept(name)) continue;
    bytes += name.length + value.length;
    names += name.length + 1;
    const tooMany = names > xattrNamesLimit || bytes > xattrBytesLimit;
    if (name.length > 255 || value.length > 65_536 || tooMany) {
      refuse(path, 'extended attributes', `are larger than the kernel takes: ${quote(name)}`);
    }
    kept.set(name, value);
  }
  return kept;
}

function isKept(name: string): boolean {
  if (name === 'security.capability') return true;
  return (
    name.startsWith('user.') &&
    name !== 'user.' &&
    !name.startsWith('user.overlay.') &&
    !name.startsWith('user.minicontainer.')
  );
}
