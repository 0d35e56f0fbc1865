import {readdirSync, readFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {rootCertificates} from 'node:tls';
import {MinicontainerError} from '@minicontainer/errors';

/** What a TLS connection to one host is made with; PEM. */
export interface HostCertificates {
  /** The authorities to trust: the system's, and the host's own. */
  readonly ca: readonly string[];
  readonly clientCertificate?: {readonly cert: string; readonly key: string};
}

/**
 * The certificates for a host: `*.crt` are authorities, `x.cert` with `x.key` is who we are.
 *
 * Looked for where podman and docker do, in a folder named after `host[:port]`; or, with `certDir`,
 * in that folder alone.
 *
 * @throws {MinicontainerError} `ECONFIG` for a certificate without its key, or one that cannot be read
 * @see containers-certs.d(5)
 */
export function certificatesOf(
  host: string,
  {certDir, env = process.env}: {certDir?: string; env?: NodeJS.ProcessEnv} = {},
): HostCertificates {
  const folders = certDir === undefined ? certsFolders(host, env) : [certDir];
  const files = folders.flatMap((folder) => list(folder).map((name) => join(folder, name)));
  const own = files.filter((path) => path.endsWith('.crt')).map(read);
  const ca = [...systemAuthorities(env), ...own];
  const cert = files.find((path) => path.endsWith('.cert'));
  if (cert === undefined) return {ca};
  const key = cert.replace(/\.cert$/, '.key');
  if (!files.includes(key)) {
    throw new MinicontainerError('ECONFIG', `the client certificate ${cert} has no key`, {
      hint: `put its key in ${key}`,
    });
  }
  return {ca, clientCertificate: {cert: read(cert), key: read(key)}};
}

function certsFolders(host: string, env: NodeJS.ProcessEnv): string[] {
  // The host becomes part of a path: nothing that leads out of the folder.
  if (!/^[A-Za-z0-9[][A-Za-z0-9.:[\]_-]*$/.test(host)) return [];
  const config = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config');
  return [join(config, 'containers/certs.d'), '/etc/containers/certs.d', '/etc/docker/certs.d'].map(
    (folder) => join(folder, host),
  );
}

// Where distributions keep their authorities in one file; Node has a list of its own, which does not
// know what an administrator has added.
const bundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

function systemAuthorities(env: NodeJS.ProcessEnv): readonly string[] {
  const folder = env.SSL_CERT_DIR?.split(':').flatMap((path) =>
    list(path)
      .filter((name) => /\.(crt|pem|0)$/.test(name))
      .map((name) => join(path, name)),
  );
  const named = env.SSL_CERT_FILE ? [read(env.SSL_CERT_FILE)] : undefined;
  if (named !== undefined || folder !== undefined) {
    return [...(named ?? []), ...(folder ?? []).map(read)];
  }
  for (const path of bundles) {
    try {
      return [readFileSync(path, 'utf8')];
    } catch {}
  }
  return rootCertificates;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new MinicontainerError('ECONFIG', `cannot read the certificate ${path}: ${code}`, {
      cause: error,
    });
  }
}
