import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {certificatesOf} from './certificates.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'certificates-'));
});
afterEach(() => rmSync(home, {recursive: true}));

function put(path: string, content: string): string {
  const file = join(home, path);
  mkdirSync(join(file, '..'), {recursive: true});
  writeFileSync(file, content);
  return file;
}

function env(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {HOME: home, SSL_CERT_FILE: put('system.pem', 'SYSTEM'), ...more};
}

it('has the system’s authorities, and those of the host and port', () => {
  put('.config/containers/certs.d/a.example:5000/one.crt', 'ONE');
  put('.config/containers/certs.d/a.example:5000/two.crt', 'TWO');
  put('.config/containers/certs.d/a.example/three.crt', 'THREE');
  expect(certificatesOf('a.example:5000', {env: env()}).ca).toEqual(['SYSTEM', 'ONE', 'TWO']);
  expect(certificatesOf('a.example', {env: env()}).ca).toEqual(['SYSTEM', 'THREE']);
  expect(certificatesOf('b.example', {env: env()}).ca).toEqual(['SYSTEM']);
});

it('has those of a folder alone that is named', () => {
  put('.config/containers/certs.d/a.example/one.crt', 'ONE');
  put('own/ca.crt', 'OWN');
  const certDir = join(home, 'own');
  expect(certificatesOf('a.example', {env: env(), certDir}).ca).toEqual(['SYSTEM', 'OWN']);
});

it('reads a folder of authorities that SSL_CERT_DIR names', () => {
  put('authorities/a.pem', 'A');
  put('authorities/12345678.0', 'B');
  put('authorities/README', 'C');
  const folder = {SSL_CERT_DIR: join(home, 'authorities'), SSL_CERT_FILE: ''};
  expect(certificatesOf('x', {env: env(folder)}).ca).toEqual(['B', 'A']);
});

it('shows a certificate with its key, and misses the key', () => {
  put('own/client.cert', 'CERT');
  const certDir = join(home, 'own');
  expect(() => certificatesOf('x', {env: env(), certDir})).toThrow('client.cert has no key');
  put('own/client.key', 'KEY');
  expect(certificatesOf('x', {env: env(), certDir}).clientCertificate).toEqual({
    cert: 'CERT',
    key: 'KEY',
  });
});

it('never leaves certs.d for what a host is called', () => {
  put('secret.crt', 'SECRET');
  for (const host of ['../../..', '..', '', 'a/../..', '.']) {
    expect(certificatesOf(host, {env: env()}).ca).toEqual(['SYSTEM']);
  }
});

it('has the authorities of this machine, or those of Node, where nothing is said', () => {
  expect(certificatesOf('x', {env: {HOME: home}}).ca.join('')).toContain('BEGIN CERTIFICATE');
});
