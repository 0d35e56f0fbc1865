/** The registry of names that say none. */
export const defaultRegistry = 'docker.io';
/** Where Docker keeps the images of names without a slash. */
export const officialPrefix = 'library/';
export const longestRepository = 255;

const hostPart = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const host = `(?:${hostPart}(?:\\.${hostPart})*|\\[[a-fA-F0-9:]+\\])`;
const registryPattern = new RegExp(`^${host}(?::[0-9]+)?$`);
const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const repositoryPattern = new RegExp(`^${component}(?:/${component})*$`);
const tagPattern = /^\w[\w.-]{0,127}$/;

export function isRegistry(text: string): boolean {
  return registryPattern.test(text);
}

export function isRepository(text: string): boolean {
  return repositoryPattern.test(text);
}

export function isTag(text: string): boolean {
  return tagPattern.test(text);
}
