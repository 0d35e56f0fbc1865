import {writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import type {Home} from './podman.ts';
import {runtimePath} from './runtime.ts';

/** What all containers are made from. */
export const image = 'localhost/small';

/**
 * The environment in which Podman keeps everything there, uses the runtime, and asks nothing of the
 * machine that it may lack: a journal, systemd, a network.
 */
export function writeSettings({person, directory, work, runtime}: Home): Record<string, string> {
  const oci = runtimePath();
  const containers = join(directory, 'containers.conf');
  writeFileSync(
    containers,
    toml({
      containers: {
        netns: 'none',
        // Its own defaults are above what a root without CAP_SYS_RESOURCE may set.
        default_ulimits: ['nofile=1024:1024', 'nproc=1000:1000'],
        log_driver: 'k8s-file',
      },
      engine: {
        runtime: basename(oci),
        cgroup_manager: 'cgroupfs',
        events_logger: 'file',
        infra_image: image,
        // Whom Podman asks for errors as JSON, and whom for containers without a cgroup.
        runtime_supports_json: [basename(oci)],
        runtime_supports_nocgroup: [basename(oci)],
      },
      'engine.runtimes': {[basename(oci)]: [oci]},
    }),
  );
  const storage = join(directory, 'storage.conf');
  const graphroot = join(directory, 'storage');
  writeFileSync(
    storage,
    toml({
      storage: {
        driver: 'overlay',
        graphroot,
        rootless_storage_path: graphroot,
        runroot: person.uid === 0 ? '/run/containers/storage' : join(runtime, 'containers'),
      },
    }),
  );
  return {
    PATH: `${dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    LANG: 'C.UTF-8',
    HOME: directory,
    USER: person.name,
    TMPDIR: work,
    CONTAINERS_CONF: containers,
    CONTAINERS_STORAGE_CONF: storage,
    ...(person.uid === 0 ? {} : {XDG_RUNTIME_DIR: runtime}),
  };
}

type Value = string | readonly string[];

function toml(tables: Readonly<Record<string, Readonly<Record<string, Value>>>>): string {
  return Object.entries(tables)
    .flatMap(([table, values]) => [
      `[${table}]`,
      ...Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`),
    ])
    .join('\n');
}
