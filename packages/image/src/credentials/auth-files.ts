import {homedir} from 'node:os';
import {join} from 'node:path';

export interface WhereOptions {
  /** The one file to use, in place of all others. */
  readonly authFile?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * The files that credentials are looked for in, in this order: podman's, then Docker's. A file that is
 * named by the caller or by `REGISTRY_AUTH_FILE` is the only one.
 *
 * @see containers-auth.json(5)
 */
export function authFiles({authFile, env = process.env}: WhereOptions = {}): string[] {
  const named = authFile ?? env.REGISTRY_AUTH_FILE;
  if (named) return [named];
  const home = env.HOME || homedir();
  return [
    ...(env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, 'containers/auth.json')] : []),
    join(env.XDG_CONFIG_HOME || join(home, '.config'), 'containers/auth.json'),
    join(env.DOCKER_CONFIG || join(home, '.docker'), 'config.json'),
  ];
}
