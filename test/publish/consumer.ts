import {type SpawnSyncReturns, spawnSync} from 'node:child_process';
import {chownSync, mkdirSync, mkdtempSync, rmSync, statSync} from 'node:fs';
import {homedir, userInfo} from 'node:os';
import {dirname, join} from 'node:path';

const testUser = 'mctest';
const timeoutMs = 120_000;

export type Result = Pick<SpawnSyncReturns<string>, 'status' | 'stdout' | 'stderr'>;

/** An unprivileged user who has Node and npm, an empty home and an empty cache, and nothing of ours. */
export class Consumer {
  readonly home: string;
  readonly uid: number;
  readonly gid: number;
  readonly #registryUrl: string;
  readonly #user: string;

  constructor(registryUrl: string) {
    this.#registryUrl = registryUrl;
    this.#user = process.getuid?.() === 0 ? testUser : userInfo().username;
    const base = process.getuid?.() === 0 ? `/home/${testUser}` : homedir();
    const {uid, gid} = statSync(base);
    this.home = mkdtempSync(join(base, 'consumer-'));
    chownSync(this.home, uid, gid);
    [this.uid, this.gid] = [uid, gid];
  }

  /** Runs a line of shell in a directory below the home, made where it is missing. */
  run(directory: string, line: string): Result {
    const place = join(this.home, directory);
    mkdirSync(place, {recursive: true});
    const {uid, gid} = statSync(this.home);
    chownSync(place, uid, gid);
    const environment = [
      `HOME=${this.home}`,
      `USER=${this.#user}`,
      `PATH=${this.home}/global/bin:${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
      'LANG=C.UTF-8',
      'TERM=dumb',
      `npm_config_registry=${this.#registryUrl}`,
      `npm_config_cache=${this.home}/npm-cache`,
      `npm_config_prefix=${this.home}/global`,
      'npm_config_update_notifier=false',
      'npm_config_fund=false',
    ];
    const command = ['env', '-i', ...environment, 'bash', '-c', line];
    const become = process.getuid?.() === 0 ? ['runuser', '-u', this.#user, '--'] : [];
    const [program = 'env', ...args] = [...become, ...command];
    const {status, stdout, stderr} = spawnSync(program, args, {
      cwd: place,
      encoding: 'utf8',
      input: '',
      timeout: timeoutMs,
    });
    return {status, stdout, stderr};
  }

  remove(): void {
    rmSync(this.home, {recursive: true, force: true});
  }
}
