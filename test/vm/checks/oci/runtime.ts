import assert from 'node:assert/strict';
import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {start} from '../command.ts';
import type {Person} from '../people.ts';

/** Containers of one person's, made by minicontainer-oci from the small system. */
export class Runtime {
  readonly person: Person;
  /** Before each verb, such as `--systemd-cgroup`. */
  readonly flags: readonly string[];
  readonly #uid: number;
  readonly #root: string;
  readonly #bundle: string;

  /** @param uid whom the person is where the commands run, such as root of a user namespace */
  constructor(person: Person, flags: readonly string[] = [], uid = person.uid) {
    this.person = person;
    this.flags = flags;
    this.#uid = uid;
    this.#root = join(person.home, 'oci-root');
    this.#bundle = join(person.home, 'oci-bundle');
  }

  /** Runs a verb, which must succeed. @returns what it prints */
  async must(...words: readonly string[]): Promise<string> {
    const {status, stdout, stderr} = await this.run(...words);
    assert.equal(status, 0, `${words.join(' ')}: ${stderr}`);
    return stdout;
  }

  run(...words: readonly string[]) {
    const running = start(this.person, this.#words(words));
    running.process.stdin?.end();
    return running.result;
  }

  /** Makes and starts a container whose streams are files, as an engine's may be. */
  async start(id: string, command: readonly string[], linux: object): Promise<number> {
    const shell = (script: string) => start(this.person, ['sh', '-c', script]).result;
    await shell(`mkdir -p ${this.#bundle}`);
    writeFileSync(
      this.#file,
      JSON.stringify(configOf(this.person.home, this.#uid, command, linux)),
    );
    const create = this.#words(['create', '--bundle', this.#bundle, id]).join(' ');
    const made = await shell(`${create} </dev/zero >${this.#bundle}/out 2>&1`);
    assert.equal(made.status, 0, readFileSync(join(this.#bundle, 'out'), 'utf8'));
    await this.must('start', id);
    return (await this.state(id)).pid;
  }

  async state(id: string): Promise<{readonly status: string; readonly pid: number}> {
    return JSON.parse(await this.must('state', id));
  }

  /** Waits until it has ended, and removes it. */
  async delete(id: string): Promise<void> {
    for (let round = 0; (await this.state(id)).status !== 'stopped'; round++) {
      assert.ok(round < 50, `${id} has not ended`);
      await sleep(100);
    }
    await this.must('delete', id);
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, {recursive: true, force: true});
    rmSync(this.#bundle, {recursive: true, force: true});
    for (const point of ['dev', 'proc', 'sys']) {
      rmSync(join(this.person.home, 'system', point), {recursive: true, force: true});
    }
  }

  get #file(): string {
    return join(this.#bundle, 'config.json');
  }

  #words(words: readonly string[]): string[] {
    return ['minicontainer-oci', '--root', this.#root, ...this.flags, ...words];
  }
}

/** What every container needs, and a user namespace for who is not root. */
function configOf(home: string, uid: number, command: readonly string[], linux: object): object {
  const types = ['mount', 'pid', 'ipc', 'uts', 'network', 'cgroup', ...(uid === 0 ? [] : ['user'])];
  const maps = [{containerID: 0, hostID: uid, size: 1}];
  return {
    ociVersion: '1.2.0',
    root: {path: join(home, 'system')},
    process: {args: command, cwd: '/', env: ['PATH=/bin']},
    mounts: [
      {destination: '/proc', type: 'proc'},
      {destination: '/dev', type: 'tmpfs', options: ['nosuid']},
    ],
    linux: {
      namespaces: types.map((type) => ({type})),
      ...(uid !== 0 && {uidMappings: maps, gidMappings: maps}),
      ...linux,
    },
  };
}
