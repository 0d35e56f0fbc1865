// Records what the real `docker` client prints for templates and lists of images that are written down.
//   node scripts/record-templates.mjs      rewrites src/template/docker-templates.json and
//                                          src/listing/docker-lists.json in place
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fakeDocker} from './fake-docker.mjs';

const source = join(import.meta.dirname, '../src');
const templates = join(source, 'template/docker-templates.json');
const lists = join(source, 'listing/docker-lists.json');
const image = readJson(join(source, 'template/docker-image.json'));
const data = readJson(join(source, 'listing/docker-lists-data.json'));

const now = Math.floor(Date.now() / 1000) * 1000;
const created = ({ageSeconds, ...rest}) => ({...rest, Created: now / 1000 - ageSeconds});
const images = data.images.map(created).map((one) => ({
  ...{ParentId: '', SharedSize: -1, Containers: -1},
  ...one,
}));

const docker = await fakeDocker((path) => {
  if (path.startsWith('/images/json')) return images;
  if (path.endsWith('/history')) return data.history.map(created);
  if (path.startsWith('/system/df')) return {...data.df, Images: images};
  return path.startsWith('/images/') ? image : undefined;
});
const recorded = [];
for (const {format} of readJson(templates)) {
  const {stdout, error} = await docker.run(['image', 'inspect', '--format', format, 'debian:12']);
  recorded.push(error === undefined ? {format, stdout} : {format, error});
}
writeFileSync(templates, `[\n${linesOf(recorded)}\n]\n`);
const listed = [];
for (const {argv} of readJson(lists).lists) {
  const {stdout, error} = await docker.run(argv);
  listed.push(error === undefined ? {argv, stdout} : {argv, error});
}
writeFileSync(lists, `{"now": ${now}, "lists": [\n${linesOf(listed)}\n]}\n`);
docker.close();

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function linesOf(objects) {
  return objects.map((object) => `  ${JSON.stringify(object)}`).join(',\n');
}
