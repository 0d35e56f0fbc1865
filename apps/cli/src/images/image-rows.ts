import type {ImageListing} from '@minicontainer/engine/images';
import {ago, goTime} from '../listing/age.ts';
import {humanSize} from '../listing/size.ts';
import {oneLine} from '../output/one-line.ts';
import type {Struct} from '../template/index.ts';

export const imageHeaders = {
  Containers: 'CONTAINERS',
  CreatedAt: 'CREATED AT',
  CreatedSince: 'CREATED',
  Digest: 'DIGEST',
  ID: 'IMAGE ID',
  Repository: 'REPOSITORY',
  SharedSize: 'SHARED SIZE',
  Size: 'SIZE',
  Tag: 'TAG',
  UniqueSize: 'UNIQUE SIZE',
  VirtualSize: 'VIRTUAL SIZE',
} as const satisfies Struct;

export interface RowOptions {
  /** Whole digests, instead of twelve digits. */
  readonly noTrunc: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What a line needs of an image. */
export interface ListedImage
  extends Pick<ImageListing, 'repository' | 'tag' | 'unpackedBytes' | 'containers'> {
  readonly image: Pick<ImageListing['image'], 'id' | 'digest' | 'created'>;
}

/** A line of `images`, for one name of an image, in Docker's fields. */
export function imageRow(listing: ListedImage, {noTrunc, now}: RowOptions): Struct {
  const {image, repository, tag, unpackedBytes, containers} = listing;
  return {
    Containers: String(containers.length),
    CreatedAt: goTime(image.created),
    CreatedSince: ago(image.created, now),
    Digest: repository === undefined ? '<none>' : image.digest,
    ID: noTrunc ? image.id : shortId(image.id),
    Repository: oneLine(repository ?? '<none>'),
    SharedSize: 'N/A',
    Size: humanSize(unpackedBytes, 3),
    Tag: oneLine(tag ?? '<none>'),
    UniqueSize: 'N/A',
    VirtualSize: humanSize(unpackedBytes),
  };
}

/** The line of a table, in Docker's order. */
export function imageLine(digests: boolean): string {
  const fields = [
    'Repository',
    'Tag',
    ...(digests ? ['Digest'] : []),
    'ID',
    'CreatedSince',
    'Size',
  ];
  return fields.map((field) => `{{.${field}}}`).join('\t');
}

/** Twelve digits of an id, without its algorithm. */
export function shortId(id: string): string {
  return id.slice(id.indexOf(':') + 1).slice(0, 12);
}

/** Newest first, as Docker has it. */
export function newestFirst(listings: readonly ImageListing[]): ImageListing[] {
  const time = ({image}: ImageListing) => Date.parse(image.created ?? '') || 0;
  return [...listings].sort((one, other) => time(other) - time(one));
}
