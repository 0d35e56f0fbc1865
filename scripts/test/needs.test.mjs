import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {root} from '../root.mjs';
import {packageOf} from './needs.mjs';
import {suites} from './suites.mjs';

test('setup-debian installs every package that a suite may ask for', () => {
  const script = readFileSync(join(root, 'scripts', 'setup-debian'), 'utf8');
  const installed = [...script.matchAll(/^ {2}([a-z0-9 .+-]+?)(?: +#.*)?$|^build=\((.*)\)$/gm)]
    .flatMap(([, tests = '', build = '']) => `${tests} ${build}`.split(' '))
    .filter((name) => name !== '');
  const wanted = Object.values(packageOf).flatMap((names) => names.split(' '));
  expect(wanted.filter((name) => !installed.includes(name))).toEqual([]);
});

test('every command that a suite needs has a known package', () => {
  const needs = suites.flatMap((suite) => suite.needs ?? []);
  expect(needs.filter((command) => packageOf[command] === undefined)).toEqual([]);
});
