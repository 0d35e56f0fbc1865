import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {historyHeaders, historyLine, historyRow, type ListedStep} from '../images/history-rows.ts';
import {imageHeaders, imageLine, imageRow, type ListedImage} from '../images/image-rows.ts';
import {usageHeaders, usageLine, usageRow} from '../images/usage-rows.ts';
import {type Struct, TemplateError} from '../template/index.ts';
import {renderListing} from './listing.ts';

/** A command line, and what the real `docker` printed: scripts/record-templates.mjs wrote it down. */
interface Recorded {
  readonly argv: readonly string[];
  readonly stdout?: string;
  readonly error?: string;
}

interface DockerImage {
  readonly Id: string;
  readonly ageSeconds: number;
  readonly RepoTags: readonly string[];
  readonly RepoDigests: readonly string[];
  readonly Size: number;
}

interface DockerStep {
  readonly Id: string;
  readonly ageSeconds: number;
  readonly CreatedBy: string;
  readonly Size: number;
  readonly Comment: string;
}

const {now, lists}: {now: number; lists: Recorded[]} = read('docker-lists.json');
const data: {images: DockerImage[]; history: DockerStep[]} = read('docker-lists-data.json');
// The client's clock was a little further when it printed.
const later = now + 1000;

describe('a list', () => {
  it('is compared with docker by a table of at least thirty', () => {
    expect(lists.length).toBeGreaterThanOrEqual(30);
  });

  it.each(lists)('$argv', ({argv, stdout}) => {
    const format = argv.includes('--format') ? argv[argv.indexOf('--format') + 1] : undefined;
    if (stdout === undefined) {
      expect(() => render(argv, format)).toThrow(TemplateError);
      return;
    }
    expect(comparable(render(argv, format))).toEqual(comparable(stdout));
  });
});

/** Objects have no order within, and Docker escapes for HTML. */
function comparable(text: string): unknown {
  if (!text.startsWith('{"')) return text;
  return text
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

function render(argv: readonly string[], format: string | undefined): string {
  const noTrunc = argv.includes('--no-trunc');
  const wanted = format ?? (argv.includes('-q') ? '{{.ID}}' : undefined);
  switch (argv[0]) {
    case 'images': {
      const rowOptions = {noTrunc, now: later};
      const rows = data.images.flatMap((image) =>
        listed(image).map((one) => ({
          ...imageRow(one, rowOptions),
          ...digestOf(image, one, argv),
        })),
      );
      return renderListing(
        {headers: imageHeaders, line: imageLine(argv.includes('--digests')), rows},
        wanted,
      );
    }
    case 'history': {
      const options = {noTrunc, human: !argv.includes('-H=false'), now: later};
      const rows = data.history.map((step) => historyRow(stepOf(step), options));
      return renderListing({headers: historyHeaders(options), line: historyLine, rows}, wanted);
    }
    default:
      return renderListing(
        {headers: usageHeaders, line: usageLine, rows: usage.map(inDockersFields)},
        wanted,
      );
  }
}

const nothing = {TotalCount: '0', Active: '0', Size: '0B', Reclaimable: '0B'};
const usage: readonly Struct[] = [
  usageRow({
    kind: 'images',
    count: 6,
    active: 0,
    ...{bytes: 2_466_452_820, reclaimableBytes: 2_466_452_820},
  }),
  usageRow({kind: 'containers', count: 1, active: 1, bytes: 5000, reclaimableBytes: 0}),
  {...nothing, Type: 'Local Volumes'},
  {...nothing, Type: 'Build Cache'},
];

/** Without what Docker does not tell: bytes. */
function inDockersFields({RawSize, RawReclaimable, ...row}: Struct): Struct {
  return row;
}

function listed({Id, ageSeconds, RepoTags, RepoDigests, Size}: DockerImage): ListedImage[] {
  const hex = Id.replace('sha256:', '');
  const image = {
    id: `sha256:${hex}`,
    digest: `sha256:${hex}`,
    created: dateBefore(ageSeconds),
  } as const;
  const rest = {image, unpackedBytes: Size, containers: []};
  if (RepoTags.length === 0) {
    const [repository] = RepoDigests.map((text) => text.replace(/@.*/, ''));
    return [{...rest, ...(repository === undefined ? {} : {repository})}];
  }
  return RepoTags.map((name) => {
    const colon = name.lastIndexOf(':');
    return {...rest, repository: name.slice(0, colon), tag: name.slice(colon + 1)};
  });
}

/** What Docker knows of this only if it is asked for it, and what we know and Docker does not. */
function digestOf(
  image: DockerImage,
  {repository, tag}: ListedImage,
  argv: readonly string[],
): Struct {
  const digest = image.RepoDigests.find((text) => text.startsWith(`${repository}@`));
  const isWanted = argv.includes('--digests') || (tag !== undefined && /Digest/.test(argv.join()));
  const unknown = digest === undefined || tag !== undefined ? '<none>' : '';
  return {Containers: 'N/A', Digest: isWanted ? (digest?.replace(/.*@/, '') ?? '<none>') : unknown};
}

function stepOf({Id, ageSeconds, CreatedBy, Size, Comment}: DockerStep): ListedStep {
  const hex = Id.replace('sha256:', '');
  return {
    ...(hex === '<missing>' ? {} : {id: `sha256:${hex}` as const}),
    ...{
      created: dateBefore(ageSeconds),
      createdBy: CreatedBy,
      comment: Comment,
      layer: {unpackedBytes: Size},
    },
  };
}

function dateBefore(seconds: number): string {
  return new Date(now - seconds * 1000).toISOString();
}

function read(name: string) {
  return JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8'));
}
