import {execFile} from 'node:child_process';
import {createHash, randomBytes} from 'node:crypto';
import {once} from 'node:events';
import {createWriteStream, mkdirSync, renameSync, writeFileSync} from 'node:fs';
import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {finished} from 'node:stream/promises';
import {promisify} from 'node:util';
import {constants, createGzip} from 'node:zlib';

const execute = promisify(execFile);

/**
 * Pushes an image whose one layer holds one file of so many bytes, which hardly compress.
 *
 * @param {string} scratch
 * @param {string} name registry/repository
 * @param {number} bytes
 */
export async function pushLargeImage(scratch, name, bytes) {
  const layout = join(scratch, 'large-image');
  const blobs = join(layout, 'blobs/sha256');
  mkdirSync(blobs, {recursive: true});
  const {descriptor, diffId} = await writeLayer(blobs, bytes);
  const json = (/** @type {string} */ mediaType, /** @type {object} */ value) => {
    const text = JSON.stringify(value);
    const hex = createHash('sha256').update(text).digest('hex');
    writeFileSync(join(blobs, hex), text);
    return {mediaType, digest: `sha256:${hex}`, size: text.length};
  };
  const oci = 'application/vnd.oci.image';
  const config = json(`${oci}.config.v1+json`, {
    ...{os: 'linux', architecture: process.arch === 'x64' ? 'amd64' : process.arch},
    rootfs: {type: 'layers', diff_ids: [diffId]},
  });
  const mediaType = `${oci}.manifest.v1+json`;
  const manifest = json(mediaType, {schemaVersion: 2, mediaType, config, layers: [descriptor]});
  const annotations = {'org.opencontainers.image.ref.name': 'large'};
  const index = {schemaVersion: 2, manifests: [{...manifest, annotations}]};
  writeFileSync(join(layout, 'index.json'), JSON.stringify(index));
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const target = ['--dest-tls-verify=false', `oci:${layout}:large`, `docker://${name}`];
  await execute('skopeo', ['--insecure-policy', 'copy', ...target]);
  await rm(layout, {recursive: true});
}

/**
 * @param {string} blobs
 * @param {number} bytes
 */
async function writeLayer(blobs, bytes) {
  const [archive, blob] = [createHash('sha256'), createHash('sha256')];
  const unfinished = join(blobs, 'unfinished');
  const gzip = createGzip({level: constants.Z_BEST_SPEED});
  const file = createWriteStream(unfinished);
  let size = 0;
  gzip.on('data', (/** @type {Buffer} */ piece) => {
    blob.update(piece);
    size += piece.length;
  });
  gzip.pipe(file);
  const noise = randomBytes(1 << 20);
  for (const piece of [
    header(bytes),
    ...Array(bytes / noise.length).fill(noise),
    Buffer.alloc(1024),
  ]) {
    // No two pieces are alike.
    if (piece === noise) noise.writeUInt32LE((noise.readUInt32LE() + 1) >>> 0);
    archive.update(piece);
    if (!gzip.write(Buffer.from(piece))) await once(gzip, 'drain');
  }
  gzip.end();
  await finished(file);
  const hex = blob.digest('hex');
  renameSync(unfinished, join(blobs, hex));
  const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
  return {
    descriptor: {mediaType, digest: `sha256:${hex}`, size},
    diffId: `sha256:${archive.digest('hex')}`,
  };
}

/** tar(5), ustar, of one file.
 * @param {number} bytes */
function header(bytes) {
  const block = Buffer.alloc(512);
  block.write('large');
  block.write(`0000644\0${'0000000\0'.repeat(2)}`, 100);
  block.write(`${bytes.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0${' '.repeat(8)}0`, 124);
  block.write('ustar\x0000', 257);
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte)
      .toString(8)
      .padStart(6, '0')}\0`,
    148,
  );
  return block;
}
