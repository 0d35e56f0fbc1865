import {Option, ProgramCommand} from '../program/command.ts';

/** The flags of `run` that limit what a container takes of the machine. */
export abstract class LimitFlags extends ProgramCommand {
  memory = Option.String('-m,--memory', {description: 'Limit memory to `SIZE`: 512m, 1.5g, …'});
  memorySwap = Option.String('--memory-swap', {
    description: 'Limit memory and swap together to `SIZE`, -1 for no limit; twice the memory',
  });
  memoryReservation = Option.String('--memory-reservation', {
    description: 'Keep this `SIZE` of memory for it when memory is short',
  });
  memorySwappiness = Option.String('--memory-swappiness', {
    description: 'Prefer swapping by `NUMBER` from 0 to 100; cgroup v1 only',
  });
  oomKillDisable = Option.Boolean('--oom-kill-disable', {
    description: 'Let it wait for memory instead of killing a process; cgroup v1 only',
  });
  cpus = Option.String('--cpus', {description: 'Limit it to this `NUMBER` of CPUs: 1.5, 0.25, …'});
  cpuShares = Option.String('-c,--cpu-shares', {
    description: 'Weigh its CPU time by `NUMBER`; the usual is 1024',
  });
  cpuQuota = Option.String('--cpu-quota', {
    description: 'Limit CPU time to these `MICROSECONDS` of each period',
  });
  cpuPeriod = Option.String('--cpu-period', {
    description: 'The period of the quota in `MICROSECONDS`; 100000 unless said',
  });
  cpuRtRuntime = Option.String('--cpu-rt-runtime', {
    description: 'Real time of each period in `MICROSECONDS`; cgroup v1 only',
  });
  cpuRtPeriod = Option.String('--cpu-rt-period', {
    description: 'The period of real time in `MICROSECONDS`; cgroup v1 only',
  });
  cpusetCpus = Option.String('--cpuset-cpus', {description: 'Run on these CPUs: `LIST`, 0-3,7'});
  cpusetMems = Option.String('--cpuset-mems', {
    description: 'Take memory of these nodes: `LIST`, 0-3,7',
  });
  pidsLimit = Option.String('--pids-limit', {
    description: 'Limit processes and threads to `NUMBER`, -1 for no limit',
  });
  blkioWeight = Option.String('--blkio-weight', {
    description: 'Weigh its use of disks by `NUMBER` from 10 to 1000',
  });
  blkioWeightDevice = Option.Array('--blkio-weight-device', {
    description: 'The same for one disk: `DEVICE:NUMBER`, /dev/sda:200',
  });
  deviceReadBps = Option.Array('--device-read-bps', {
    description: 'Limit reading from a disk each second: `DEVICE:SIZE`, /dev/sda:1mb',
  });
  deviceWriteBps = Option.Array('--device-write-bps', {
    description: 'Limit writing to a disk each second: `DEVICE:SIZE`',
  });
  deviceReadIops = Option.Array('--device-read-iops', {
    description: 'Limit reads from a disk each second: `DEVICE:NUMBER`',
  });
  deviceWriteIops = Option.Array('--device-write-iops', {
    description: 'Limit writes to a disk each second: `DEVICE:NUMBER`',
  });
  shmSize = Option.String('--shm-size', {description: 'The `SIZE` of /dev/shm; 64m unless said'});
  oomScoreAdj = Option.String('--oom-score-adj', {
    description: 'Rather this one when memory is out: `NUMBER` from -1000 to 1000',
  });
  ulimit = Option.Array('--ulimit', {
    description: 'Limit each process: `NAME=SOFT[:HARD]`, nofile=1024:2048, core=unlimited',
  });
  cgroups = Option.String('--cgroups', {
    description: 'Make a cgroup for it by `MODE`: enabled (default) or disabled',
  });
  cgroupns = Option.String('--cgroupns', {
    description: 'Show it cgroups by `MODE`: private, its own downwards (default), or host',
  });
  cgroupParent = Option.String('--cgroup-parent', {
    description: 'Make its cgroup below this `PATH`, or in this slice',
  });
  cgroupConf = Option.Array('--cgroup-conf', {
    description: 'Write a file of cgroup v2: `NAME=VALUE`, memory.high=1073741824',
  });
}

/** As they were given; undefined is not given. */
export type LimitFlagValues = Readonly<Omit<LimitFlags, keyof ProgramCommand>>;
