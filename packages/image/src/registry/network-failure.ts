import {MinicontainerError} from '@minicontainer/errors';
import {remoteText} from './remote-text.ts';
import {TransientFailure} from './transient-failure.ts';

/**
 * The error for a request that got no answer: says which host, why, and what to do.
 *
 * @param who was asked, where that is not the URL's host itself
 * @returns a `TransientFailure` where the next attempt may do better
 */
export function networkFailure(
  error: unknown,
  url: URL,
  who: string = url.host,
): MinicontainerError {
  if (error instanceof MinicontainerError) return error;
  const {code, message} = innermost(error);
  const {reason, hint, transient} = explain(code, message, url, error);
  const details = {cause: error, ...(hint === undefined ? {} : {hint})};
  const text = `cannot reach ${who}: ${reason}`;
  return transient
    ? new TransientFailure('ENETWORK', text, details)
    : new MinicontainerError('ENETWORK', text, details);
}

interface Explanation {
  readonly reason: string;
  readonly hint?: string;
  readonly transient?: boolean;
}

function explain(code: string, message: string, url: URL, error: unknown): Explanation {
  if (certificateFaults.has(code)) {
    return {
      reason: `its certificate is not trusted: ${remoteText(message)} (${code})`,
      hint: certificateHint(url.host),
    };
  }
  const proxy = /Proxy response \((\d+)\)/.exec(message)?.[1];
  if (proxy !== undefined) {
    return {
      reason: `the proxy answered ${proxy}`,
      hint: 'HTTPS_PROXY and HTTP_PROXY name the proxy and its user, NO_PROXY hosts without one',
    };
  }
  if (speaksPlainHttp(error)) {
    return {
      reason: 'it speaks plain HTTP, not TLS',
      hint: `--tls-verify=false allows that, or insecure = true for ${url.host} in registries.conf`,
    };
  }
  const known = knownFaults[code];
  if (known !== undefined) return known;
  if (code.startsWith('HPE_')) return {reason: `what it says is no HTTP (${code})`};
  return {reason: code === '' ? remoteText(message) : `${remoteText(message)} (${code})`};
}

const resolvers = 'check the name, and /etc/resolv.conf';
const route = 'check the network, and HTTPS_PROXY if there is a proxy';

const knownFaults: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: {
    reason: 'the connection is refused (ECONNREFUSED)',
    hint: 'check that the registry runs, and its port',
  },
  ENOTFOUND: {reason: 'no such host (ENOTFOUND)', hint: resolvers},
  EAI_AGAIN: {reason: 'its name cannot be looked up now (EAI_AGAIN)', hint: resolvers},
  ENETUNREACH: {reason: 'there is no route to it (ENETUNREACH)', hint: route},
  EHOSTUNREACH: {reason: 'there is no route to it (EHOSTUNREACH)', hint: route},
  UND_ERR_CONNECT_TIMEOUT: {
    reason: 'it does not answer a connection',
    hint: route,
    transient: true,
  },
  UND_ERR_HEADERS_TIMEOUT: {reason: 'it did not answer in time', transient: true},
  UND_ERR_BODY_TIMEOUT: {reason: 'it stopped sending', transient: true},
  UND_ERR_HEADERS_OVERFLOW: {reason: 'it sends endless headers'},
  HPE_HEADER_OVERFLOW: {reason: 'it sends endless headers'},
  ECONNRESET: {reason: 'the connection was cut (ECONNRESET)', transient: true},
  EPIPE: {reason: 'the connection was cut (EPIPE)', transient: true},
  ETIMEDOUT: {reason: 'the connection has timed out (ETIMEDOUT)', transient: true},
  UND_ERR_SOCKET: {reason: 'the connection was cut', transient: true},
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: {reason: 'the answer was cut short', transient: true},
};

const certificateFaults: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function certificateHint(host: string): string {
  return `put its authority into /etc/containers/certs.d/${host}/ca.crt or name a folder by --cert-dir; --tls-verify=false trusts anybody`;
}

/** Whether the other side answered TLS's greeting in HTTP, as OpenSSL has it. */
export function speaksPlainHttp(error: unknown): boolean {
  const {code, message} = innermost(error);
  return (
    plainHttpCodes.has(code) ||
    (code === 'EPROTO' && /wrong version number|packet length too long/.test(message))
  );
}

const plainHttpCodes: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
]);

/** The code of the failure at the bottom: `ECONNREFUSED`; empty for none. */
export function failureCode(error: unknown): string {
  return innermost(error).code;
}

/** The failure at the bottom: undici and Node wrap it, and one for each address of a host. */
function innermost(error: unknown): {code: string; message: string} {
  if (!(error instanceof Error)) return {code: '', message: String(error)};
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0]);
  if (error instanceof MinicontainerError && error.cause !== undefined)
    return innermost(error.cause);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === '' && error.cause !== undefined) return innermost(error.cause);
  return {code, message: error.message};
}
