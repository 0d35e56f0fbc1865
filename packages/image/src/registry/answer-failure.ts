import {MinicontainerError} from '@minicontainer/errors';
import {registryErrors, registryWords} from './registry-words.ts';
import {dropBody, headerOf, type Response, readShortBody} from './response.ts';
import {isWorthRetrying, parseRetryAfter} from './retry.ts';
import {TransientFailure} from './transient-failure.ts';

/** What was asked, and of whom; for messages. */
export interface Asked {
  /** As the image's name has it, or the configuration of a mirror: `docker.io`. */
  readonly registry: string;
  /** Where it is: after redirects somebody else may answer. */
  readonly origin: string;
  readonly repository: string;
  /** `library/debian:12`, or `blob sha256:… of library/debian` */
  readonly what: string;
  /** What the registry then did not do: `give`, `take`. */
  readonly verb: 'give' | 'take';
}

/**
 * The error for an answer that is none of those hoped for: says which registry, what of, its status
 * and its own words.
 *
 * @returns `EAUTH` for 401 and 403, else `EREGISTRY`; a `TransientFailure` where waiting may help
 */
export async function answerFailure(
  response: Response,
  asked: Asked,
  timeoutMs: number,
): Promise<MinicontainerError> {
  const body = await textOf(response, timeoutMs);
  const words = registryWords(body);
  const {status, url} = response;
  const said = `${words === '' ? '' : `: ${words}`} (${status})`;
  const isElsewhere = url.origin !== asked.origin;
  const who = isElsewhere ? `${url.host}, to which ${asked.registry} redirects,` : asked.registry;
  // Our credentials concern the registry alone.
  if (!isElsewhere && (status === 401 || status === 403)) {
    return new MinicontainerError('EAUTH', `${who} refuses access to ${asked.what}${said}`, {
      hint: `check the name; it may need: minicontainer login ${asked.registry}`,
    });
  }
  if (status === 404) {
    const isUnknownName = registryErrors(body).some(({code}) => code === 'NAME_UNKNOWN');
    const missing = isUnknownName ? `repository ${asked.repository}` : asked.what;
    return new MinicontainerError('EREGISTRY', `${who} has no ${missing}${said}`);
  }
  const message = `${who} does not ${asked.verb} ${asked.what}${said}`;
  if (!isWorthRetrying(status)) return new MinicontainerError('EREGISTRY', message);
  const retryAfterMs = parseRetryAfter(headerOf(response, 'retry-after'), Date.now());
  if (retryAfterMs === undefined) return new TransientFailure('EREGISTRY', message);
  const hint = `it asks to come back in ${Math.ceil(retryAfterMs / 1000)} seconds`;
  return new TransientFailure('EREGISTRY', message, {retryAfterMs, hint});
}

const longestText = 64 * 1024;

/** An error is told even when its text cannot be had. */
async function textOf(response: Response, timeoutMs: number): Promise<string> {
  try {
    const body = await readShortBody(response, longestText, timeoutMs);
    if (body !== undefined) return body.toString();
  } catch {}
  await dropBody(response);
  return '';
}
