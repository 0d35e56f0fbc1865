import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';

/** A certificate authority that nobody but the tests knows. */
export interface Authority {
  readonly certificateFile: string;
  readonly keyFile: string;
}

export function makeAuthority(directory: string): Authority {
  const files = {
    certificateFile: join(directory, 'authority.pem'),
    keyFile: join(directory, 'authority-key.pem'),
  };
  openssl(directory, [
    ...['req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=authority of the tests'],
    ...['-keyout', files.keyFile, '-out', files.certificateFile],
  ]);
  return files;
}

/** For a server on loopback, by its name and by its numbers. */
export function issueCertificate(directory: string, authority: Authority, name: string): Authority {
  const files = {
    certificateFile: join(directory, `${name}.pem`),
    keyFile: join(directory, `${name}-key.pem`),
  };
  const request = join(directory, `${name}.csr`);
  const extensions = join(directory, `${name}.cnf`);
  writeFileSync(extensions, 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\n');
  openssl(directory, [
    ...['req', ...newKey, '-subj', `/CN=${name}`, '-keyout', files.keyFile, '-out', request],
  ]);
  openssl(directory, [
    ...['x509', '-req', '-in', request, '-days', '2', '-extfile', extensions, '-CAcreateserial'],
    ...['-CA', authority.certificateFile, '-CAkey', authority.keyFile],
    ...['-out', files.certificateFile],
  ]);
  return files;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-sha256'];

function openssl(directory: string, words: readonly string[]): void {
  execFileSync('openssl', words, {cwd: directory, stdio: ['ignore', 'ignore', 'pipe']});
}
