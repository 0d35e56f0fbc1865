import {describe, expect, it} from 'vitest';
import {digestOf} from '../digest/digester.ts';
import {readConfig} from './config.ts';
import {readDocument, readIndex, readManifest} from './manifest.ts';
import {MEDIA_TYPE} from './media-types.ts';

const digest = digestOf(Buffer.from('x'));
const config = {mediaType: MEDIA_TYPE.ociConfig, digest, size: 2};
const layer = {mediaType: MEDIA_TYPE.ociLayerGzip, digest, size: 32};
const manifest = {schemaVersion: 2, mediaType: MEDIA_TYPE.ociManifest, config, layers: [layer]};
const index = {
  schemaVersion: 2,
  mediaType: MEDIA_TYPE.ociIndex,
  manifests: [
    {
      mediaType: MEDIA_TYPE.ociManifest,
      digest,
      size: 5,
      platform: {os: 'linux', architecture: 'amd64'},
    },
  ],
};
const image = {os: 'linux', architecture: 'amd64', rootfs: {type: 'layers', diff_ids: [digest]}};

function bytes(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value;
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
}

describe('a manifest', () => {
  it('is read with its config and its layers', () => {
    expect(readManifest(bytes(manifest))).toEqual({
      mediaType: MEDIA_TYPE.ociManifest,
      config,
      layers: [layer],
    });
  });

  it("of Docker's second schema is one, too", () => {
    const docker = {...manifest, mediaType: MEDIA_TYPE.dockerManifest};
    expect(readManifest(bytes(docker)).mediaType).toBe(MEDIA_TYPE.dockerManifest);
  });

  it('may leave its own media type to who names it, or to its fields', () => {
    const {mediaType, ...bare} = manifest;
    expect(readManifest(bytes(bare)).mediaType).toBe(mediaType);
    expect(readManifest(bytes(bare), MEDIA_TYPE.dockerManifest).mediaType).toBe(
      MEDIA_TYPE.dockerManifest,
    );
    expect(readManifest(bytes(bare), 'application/json; charset=utf-8').mediaType).toBe(mediaType);
  });

  it('keeps what others need to push it again, and believes none of it', () => {
    const foreign = {...layer, urls: ['http://evil.example/'], data: 'eA==', annotations: {a: 'b'}};
    const {layers} = readManifest(bytes({...manifest, layers: [foreign], other: 1}));
    expect(layers).toEqual([foreign]);
  });

  it('may have no layers', () => {
    expect(readManifest(bytes({...manifest, layers: []})).layers).toEqual([]);
  });

  it('is frozen, and nobody becomes its prototype', () => {
    const hostile = bytes(manifest).toString().replace('{', '{"__proto__":{"layers":[]},');
    const read = readManifest(bytes(hostile));
    expect(Object.isFrozen(read)).toBe(true);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    const annotated = bytes({...manifest, annotations: {x: 'y'}}).toString();
    const {annotations} = readManifest(bytes(annotated.replace('"x"', '"__proto__"')));
    expect(Object.entries(annotations ?? {})).toEqual([['__proto__', 'y']]);
    expect('y' in {}).toBe(false);
  });
});

describe('an index', () => {
  it('is read with its platforms', () => {
    expect(readIndex(bytes(index)).manifests[0]?.platform).toEqual({
      os: 'linux',
      architecture: 'amd64',
    });
    expect(readDocument(bytes(index)).kind).toBe('index');
  });
});

/** What is wrong, and where: an error names the place. */
const malformed: readonly (readonly [what: string, document: unknown, fault: RegExp])[] = [
  ['no JSON', 'hello', /is not JSON/],
  ['nothing', '', /is not JSON/],
  ['bytes that are no UTF-8', Buffer.of(0x22, 0xff, 0x22), /is not JSON/],
  ['a list', [], /m: is a list, not an object/],
  ['null', 'null', /m: is null, not an object/],
  ['200,000 brackets', '['.repeat(200_000), /nested deeper than 100/],
  ['200,000 brackets that close', '['.repeat(100_000) + ']'.repeat(100_000), /nested deeper/],
  ['200,000 braces within', `{"a":${'{"a":'.repeat(200_000)}`, /nested deeper/],
  ['five megabytes', `{"a":"${'x'.repeat(5_000_000)}"}`, /has 5000008 bytes, 4194304 at most/],
  ['schema 1', {schemaVersion: 1, name: 'x', fsLayers: []}, /Docker's schema 1/],
  [
    'schema 1 by its type',
    {mediaType: 'application/vnd.docker.distribution.manifest.v1+prettyjws'},
    /Docker's schema 1/,
  ],
  ['schema 3', {...manifest, schemaVersion: 3}, /schemaVersion is 3/],
  [
    'a schema that is a word',
    {...manifest, schemaVersion: '2'},
    /schemaVersion is "2", not a number/,
  ],
  ['both kinds at once', {...manifest, ...index}, /fields of a manifest and of an index/],
  [
    'an index that is called a manifest',
    {...index, mediaType: MEDIA_TYPE.ociManifest},
    /is an index, and called/,
  ],
  [
    'a manifest that is called an index',
    {...manifest, mediaType: MEDIA_TYPE.ociIndex},
    /is a manifest, and called/,
  ],
  ['another media type', {...manifest, mediaType: 'text/html'}, /called text\/html/],
  ['no config', {...manifest, config: undefined}, /m: config is missing/],
  ['a config that is a list', {...manifest, config: []}, /m: config is a list, not an object/],
  ['no layers', {...manifest, layers: undefined}, /m: layers is missing/],
  ['layers that are an object', {...manifest, layers: {}}, /m: layers is an object, not a list/],
  ['a layer that is a word', {...manifest, layers: ['x']}, /m: layers\[0\] is "x", not an object/],
  [
    'a layer that is null',
    {...manifest, layers: [layer, null]},
    /layers\[1\] is null, not an object/,
  ],
  [
    'a size that is negative',
    {...manifest, layers: [layer, {...layer, size: -1}]},
    /layers\[1\]\.size is -1, not a size/,
  ],
  [
    'a size that is huge',
    bytes(manifest).toString().replace(':32', ':1e300'),
    /layers\[0\]\.size is 1e\+300/,
  ],
  [
    'a size beyond exact numbers',
    bytes(manifest).toString().replace(':32', ':9007199254740993'),
    /size is/,
  ],
  ['a size that is broken', {...manifest, layers: [{...layer, size: 1.5}]}, /size is 1\.5/],
  ['a size in words', {...manifest, layers: [{...layer, size: '32'}]}, /size is "32"/],
  [
    'a size from the prototype',
    bytes(manifest).toString().replace('"size":32', '"__proto__":{"size":32}'),
    /size is missing/,
  ],
  [
    'a media type that is a number',
    {...manifest, layers: [{...layer, mediaType: 1}]},
    /layers\[0\]\.mediaType is 1/,
  ],
  ['an annotation that is a number', {...manifest, annotations: {a: 1}}, /annotations\["a"\] is 1/],
  [
    'urls that are a word',
    {...manifest, layers: [{...layer, urls: 'x'}]},
    /urls is "x", not a list/,
  ],
  ['manifests that are a number', {...index, manifests: 3}, /manifests is 3/],
  [
    'a platform without a system',
    {...index, manifests: [{...index.manifests[0], platform: {}}]},
    /platform\.os is missing/,
  ],
];

describe('what is no manifest is refused with its place', () => {
  it.each(malformed)('%s', (_, document, fault) => {
    expect(() => readDocument(bytes(document), undefined, 'm')).toThrow(
      expect.objectContaining({code: 'EMANIFEST', message: expect.stringMatching(fault)}),
    );
  });

  it.each([
    ['sha256:../../../etc/passwd', /layers\[0\]\.digest/],
    [`md5:${'a'.repeat(32)}`, /algorithm that is not known/],
    [`sha256:${'a'.repeat(65)}`, /has 65 digits/],
  ])('a layer of digest %s', (text, fault) => {
    expect(() => readManifest(bytes({...manifest, layers: [{...layer, digest: text}]}))).toThrow(
      expect.objectContaining({code: 'EDIGEST', message: expect.stringMatching(fault)}),
    );
  });

  it('one that others call something else', () => {
    expect(() => readDocument(bytes(manifest), MEDIA_TYPE.ociIndex)).toThrow(/called/);
    expect(() => readDocument(bytes(manifest), MEDIA_TYPE.dockerManifest)).toThrow(/calls itself/);
    expect(() => readManifest(bytes(index))).toThrow(/is an index/);
    expect(() => readIndex(bytes(manifest))).toThrow(/is a manifest/);
  });
});

describe('a configuration', () => {
  it('is read as what a container gets from it', () => {
    const read = readConfig(
      bytes({
        ...image,
        variant: '',
        created: '2024-01-01T00:00:00Z',
        history: [{created_by: 'RUN x', empty_layer: true}, {comment: 'y'}, {}],
        config: {
          Env: ['A=b'],
          Cmd: null,
          Entrypoint: ['/x'],
          Volumes: {'/data': {}},
          ExposedPorts: {'80/tcp': {}},
          Labels: {constructor: 'z'},
          User: '',
        },
      }),
      readManifest(bytes(manifest)),
    );
    expect(read).toEqual({
      platform: {os: 'linux', architecture: 'amd64'},
      diffIds: [digest],
      created: '2024-01-01T00:00:00Z',
      history: [
        {createdBy: 'RUN x', emptyLayer: true},
        {comment: 'y', emptyLayer: false},
        {emptyLayer: false},
      ],
      settings: {
        Env: ['A=b'],
        Entrypoint: ['/x'],
        Volumes: ['/data'],
        ExposedPorts: ['80/tcp'],
        Labels: {constructor: 'z'},
        User: '',
      },
    });
  });

  it.each([
    [
      'fewer layers than its manifest',
      {...image, rootfs: {diff_ids: []}},
      /0 diff_ids, and its manifest 1 layers/,
    ],
    ['no root file system', {...image, rootfs: undefined}, /rootfs is missing/],
    ['no system', {...image, os: undefined}, /os is missing/],
    ['an Env of numbers', {...image, config: {Env: [1]}}, /config\.Env\[0\] is 1/],
    ['a Cmd that is a word', {...image, config: {Cmd: 'sh'}}, /config\.Cmd is "sh", not a list/],
    ['Labels that are a list', {...image, config: {Labels: ['a']}}, /config\.Labels is a list/],
    ['nine megabytes', {...image, x: 'x'.repeat(9_000_000)}, /8388608 at most/],
    ['an artifact', {}, /rootfs is missing/],
  ])('is refused with %s', (_, document, fault) => {
    expect(() => readConfig(bytes(document), readManifest(bytes(manifest)))).toThrow(
      expect.objectContaining({code: 'EMANIFEST', message: expect.stringMatching(fault)}),
    );
  });

  it('is refused with a diff id that is none', () => {
    const hostile = {...image, rootfs: {diff_ids: ['sha256:x']}};
    expect(() => readConfig(bytes(hostile))).toThrow(
      expect.objectContaining({
        code: 'EDIGEST',
        message: expect.stringContaining('rootfs.diff_ids[0]'),
      }),
    );
  });
});
