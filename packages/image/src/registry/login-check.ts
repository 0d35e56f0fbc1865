import {MinicontainerError} from '@minicontainer/errors';
import type {Credentials} from '../credentials/credentials.ts';
import {withRetries} from './attempts.ts';
import type {RepositoryHost} from './host.ts';
import {dropBody} from './response.ts';

/**
 * Asks a registry whether it lets these credentials in.
 *
 * @throws {MinicontainerError} `EAUTH` when it does not; `EREGISTRY` when it is no registry; `ENETWORK`
 */
export async function checkLogin(host: RepositoryHost, credentials: Credentials): Promise<void> {
  const {registry} = host.endpoint;
  const {retry, signal} = host.session;
  await withRetries(retry, signal, async () => {
    const url = new URL('/v2/', await host.origin());
    const response = await host.request({method: 'GET', target: url, scopes: []});
    if (response.status === 200) return dropBody(response);
    if (response.status === 401 || response.status === 403) {
      await dropBody(response);
      const who = credentials.kind === 'password' ? `user ${credentials.username}` : 'this token';
      throw new MinicontainerError(
        'EAUTH',
        `${registry} does not let ${who} in (${response.status})`,
        {hint: 'check user and password; some registries want a token in place of the password'},
      );
    }
    throw await host.failure(response, 'registry API at /v2/');
  });
}
