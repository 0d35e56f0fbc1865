import type {RunOptions} from '@minicontainer/engine';
import {printNote} from '../output/failure.ts';
import {type CommandHelp, Option} from '../program/command.ts';
import {ownCommandLine} from '../program/self.ts';
import {type Caller, processCaller} from '../run/caller.ts';
import {imageFetching} from '../run/image.ts';
import {ImageFlags} from '../run/image-flags.ts';
import {runOptions} from '../run/options.ts';
import {imageProvision} from '../run/provision.ts';

export class RunCommand extends ImageFlags {
  static readonly commandName = 'run';
  static readonly commandHelp: CommandHelp = {
    synopsis: '[OPTIONS] COMMAND|IMAGE [ARG...]',
    description: 'Run a command in a container of its own',
    details: `
A command that begins with / runs in a view of this machine: all that is installed here, but what
it writes stays in the container, and is gone with it. Any other word is an image, which is fetched
where it is not here, and what stands behind it its command. With --rootfs the root file system is a
directory. What stands behind the command belongs to the command, flags too.

The exit code is the command’s: 128 and the signal’s number if one ended it, 127 if it was not
found, 126 if it cannot be executed, 125 if minicontainer failed.`,
    examples: [
      ['A shell; at a terminal, it gets a terminal', 'minicontainer run /bin/bash'],
      ['A shell in an image', 'minicontainer run debian:12 bash'],
      ['Input and output are as with any command', 'echo hi | minicontainer run /bin/cat'],
      [
        'The current directory inside too, to read but not to write',
        'minicontainer run -v "$PWD:$PWD:ro" -w "$PWD" /bin/ls',
      ],
      [
        'As nobody, with one variable, nothing writable but /tmp',
        'minicontainer run -u nobody -e A=b --read-only --tmpfs /tmp /usr/bin/env',
      ],
    ],
  };

  interactive = Option.Boolean('-i,--interactive', {
    description: 'Attach stdin: always so, and accepted because Docker has it',
  });
  tty = Option.Boolean('-t,--tty', {
    description: 'Give the container a terminal: so by default where stdin and stdout are one',
  });
  env = Option.Array('-e,--env', {
    description: 'Set a variable, `NAME=VALUE`; a name alone takes the value it has here',
  });
  envFile = Option.Array('--env-file', {
    description: 'Set the variables in a `FILE`, one NAME=VALUE a line, # for comments',
  });
  workdir = Option.String('-w,--workdir', {description: 'Start in this `DIR` of the container'});
  user = Option.String('-u,--user', {
    description: 'Run as `USER[:GROUP]`, names or numbers; root unless said',
  });
  hostname = Option.String('-h,--hostname', {description: 'The container’s host `NAME`'});
  rm = Option.Boolean('--rm', {
    description: 'Remove the container when it has ended: always so, and accepted as -i is',
  });
  init = Option.Boolean('--init', {
    description: 'Run a small init as pid 1, which forwards signals and reaps orphans',
  });
  rootfs = Option.Array('--rootfs', {
    description: 'The root is `DIR[:O]`; with :O a layer over it, so that it stays as it is',
  });
  readOnly = Option.Boolean('--read-only', {description: 'Forbid writing to the root file system'});
  volume = Option.Array('-v,--volume', {
    description:
      'Bind a directory or file of this machine: `SRC:DST[:OPTIONS]`, options ro, idmap, U, …',
  });
  mount = Option.Array('--mount', {
    description:
      'Mount by `KEY=VALUE,...`: type=bind,src=,dst=,ro,idmap or type=tmpfs,dst=,tmpfs-size=',
  });
  tmpfs = Option.Array('--tmpfs', {
    description: 'An empty directory in memory: `DST[:OPTIONS]`, options size=64m, mode=755, …',
  });
  network = Option.Array('--network,--net', {
    description: 'Network by `MODE`: none, with its own loopback (default), host, or ns:PATH',
  });
  userns = Option.Array('--userns', {
    description:
      'Ids by `MODE`: auto, where root inside is nobody outside (default), keep-id, nomap, or host',
  });
  uidmap = Option.Array('--uidmap', {
    description:
      'Map users, `CONTAINER:HOST:SIZE`; a plain user’s HOST 0 is itself, 1… subordinate',
  });
  gidmap = Option.Array('--gidmap', {
    description: 'Map groups, `CONTAINER:HOST:SIZE`; unless given as --uidmap',
  });
  subuidname = Option.String('--subuidname', {
    description: 'Map the users that /etc/subuid gives to `NAME`',
  });
  subgidname = Option.String('--subgidname', {
    description: 'Map the groups that /etc/subgid gives to `NAME`',
  });
  entrypoint = Option.String('--entrypoint', {
    description: 'Put this `COMMAND` before the words of the command line',
  });
  privileged = Option.Boolean('--privileged', {
    description: 'Lift nearly all that confines the container; unless said --userns host too',
  });
  capAdd = Option.Array('--cap-add', {description: 'Add a `CAPABILITY`, or ALL'});
  capDrop = Option.Array('--cap-drop', {description: 'Take away a `CAPABILITY`, or ALL'});
  securityOpt = Option.Array('--security-opt', {
    description:
      'Confine by `NAME[=VALUE]`: seccomp=, no-new-privileges, landlock=, apparmor=, unmask=…',
  });
  sysctl = Option.Array('--sysctl', {
    description: 'Set a kernel parameter of the container’s own namespaces: `NAME=VALUE`',
  });
  domainname = Option.String('--domainname', {description: 'The container’s NIS domain `NAME`'});
  device = Option.Array('--device', {
    description:
      'Give a device, or all in a directory: `SRC[:DST][:ACCESS]`, access some of r, w, m',
  });
  groupAdd = Option.Array('--group-add', {
    description: 'Add a `GROUP` of the container, name or number, to those of the user',
  });
  readOnlyTmpfs = Option.Boolean('--read-only-tmpfs', {
    description: 'With --read-only, let /run, /tmp and /var/tmp be written, in memory',
  });
  pid = Option.Array('--pid', {
    description:
      'Processes by `MODE`: private (default), or host, which shows those of this machine',
  });
  ipc = Option.Array('--ipc', {
    description: 'Queues and shared memory by `MODE`: private (default), host, none, shareable',
  });
  uts = Option.Array('--uts', {description: 'Names by `MODE`: private (default), or host'});
  umask = Option.String('--umask', {
    description: 'The file mode creation `MASK`: 0022 unless said',
  });
  words = Option.Rest();

  /** What these flags ask of the engine. */
  options(caller: Caller): RunOptions {
    return runOptions(this, caller);
  }

  async execute(): Promise<number> {
    const options = this.options(await processCaller([0, 1]));
    const {replaceWithContainer} = await import('@minicontainer/engine/replace');
    return replaceWithContainer(options, {
      reporter: [...ownCommandLine(), '__report'],
      note: printNote,
      image: imageProvision(options, imageFetching(this)),
    });
  }
}
