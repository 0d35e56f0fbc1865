// Made by scripts/generate-forms.mjs from the schema: do not edit.
import type {Form} from './form.ts';

const name: Form = {
  type: 'string',
  pattern: /^[^\0]+$/u,
  title: 'a string that is not empty, without NUL bytes',
};
const form2: Form = {type: 'boolean'};
const uint16: Form = {
  type: 'integer',
  minimum: 0,
  maximum: 65535,
  title: 'an integer from 0 to 65535',
};
const uint32: Form = {
  type: 'integer',
  minimum: 0,
  maximum: 4294967295,
  title: 'an integer from 0 to 4294967295',
};
const text: Form = {type: 'string', pattern: /^[^\0]*$/u, title: 'a string without NUL bytes'};
const variables: Form = {
  type: 'array',
  items: {type: 'string', pattern: /^[^\0=]+=[^\0]*$/u, title: 'NAME=value without NUL bytes'},
  minItems: 0,
  title: 'an array',
};
const absolutePath: Form = {type: 'string', pattern: /^\/[^\0]*$/u, title: 'an absolute path'};
const capabilities: Form = {
  type: 'array',
  items: {
    type: 'string',
    pattern: /^CAP_[A-Z][A-Z0-9_]*$/u,
    title: 'a capability such as "CAP_CHOWN"',
  },
  minItems: 0,
  title: 'an array',
};
const uint64: Form = {
  type: 'integer',
  minimum: 0,
  maximum: 18446744073709552000,
  title: 'an integer from 0 to 2^64',
};
const idList: Form = {
  type: 'string',
  pattern: /^[0-9, \n-]*$/u,
  title: 'a list of numbers and ranges such as "0-3,7"',
};
const texts: Form = {type: 'array', items: text, minItems: 0, title: 'an array'};
const idMappings: Form = {
  type: 'array',
  items: {
    type: 'object',
    required: ['containerID', 'hostID', 'size'],
    properties: {
      containerID: uint32,
      hostID: uint32,
      size: {
        type: 'integer',
        minimum: 1,
        maximum: 4294967295,
        title: 'an integer from 1 to 4294967295',
      },
    },
  },
  minItems: 0,
  title: 'an array',
};
const form13: Form = {
  type: 'array',
  items: {
    type: 'object',
    required: ['path'],
    properties: {
      path: absolutePath,
      args: texts,
      env: variables,
      timeout: {
        type: 'integer',
        minimum: 1,
        maximum: 2147483647,
        title: 'an integer from 1 to 2147483647',
      },
    },
  },
  minItems: 0,
  title: 'an array',
};
const textByName: Form = {
  type: 'record',
  keys: /^[^\0]+$/u,
  keyTitle: 'a name that is not empty, without NUL bytes',
  values: text,
};
const int64: Form = {
  type: 'integer',
  minimum: -9223372036854776000,
  maximum: 9223372036854776000,
  title: 'an integer from -2^63 to 2^63',
};
const form16: Form = {
  type: 'object',
  required: [],
  properties: {
    secs: int64,
    nanosecs: {
      type: 'integer',
      minimum: 0,
      maximum: 999999999,
      title: 'an integer from 0 to 999999999',
    },
  },
};
const limit: Form = {
  type: 'integer',
  minimum: -1,
  maximum: 9223372036854776000,
  title: 'an integer from -1 to 2^63',
};
const form18: Form = {
  type: 'array',
  items: {
    type: 'object',
    required: ['major', 'minor', 'rate'],
    properties: {major: uint32, minor: uint32, rate: uint64},
  },
  minItems: 0,
  title: 'an array',
};
const line: Form = {type: 'string', pattern: /^[^\0\n]*$/u, title: 'a string of one line'};
const form20: Form = {
  type: 'enum',
  choices: [
    'SCMP_ACT_KILL',
    'SCMP_ACT_KILL_PROCESS',
    'SCMP_ACT_KILL_THREAD',
    'SCMP_ACT_TRAP',
    'SCMP_ACT_ERRNO',
    'SCMP_ACT_TRACE',
    'SCMP_ACT_ALLOW',
    'SCMP_ACT_LOG',
    'SCMP_ACT_NOTIFY',
  ],
};
const absolutePaths: Form = {type: 'array', items: absolutePath, minItems: 0, title: 'an array'};

/** What `SpecSchema` says of an OCI runtime configuration. */
export const specForm: Form = {
  type: 'object',
  required: ['ociVersion', 'root'],
  properties: {
    ociVersion: {
      type: 'string',
      pattern: /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/u,
      title: 'a version such as "1.2.0"',
    },
    root: {type: 'object', required: ['path'], properties: {path: name, readonly: form2}},
    process: {
      type: 'object',
      required: ['args', 'cwd'],
      properties: {
        terminal: form2,
        consoleSize: {
          type: 'object',
          required: ['height', 'width'],
          properties: {height: uint16, width: uint16},
        },
        user: {
          type: 'object',
          required: ['uid', 'gid'],
          properties: {
            uid: uint32,
            gid: uint32,
            additionalGids: {type: 'array', items: uint32, minItems: 0, title: 'an array'},
            umask: {type: 'integer', minimum: 0, maximum: 511, title: 'an integer from 0 to 511'},
          },
        },
        args: {type: 'array', items: text, minItems: 1, title: 'an array of at least one string'},
        env: variables,
        cwd: absolutePath,
        capabilities: {
          type: 'object',
          required: [],
          properties: {
            bounding: capabilities,
            effective: capabilities,
            permitted: capabilities,
            inheritable: capabilities,
            ambient: capabilities,
          },
        },
        rlimits: {
          type: 'array',
          items: {
            type: 'object',
            required: ['type', 'soft', 'hard'],
            properties: {
              type: {
                type: 'enum',
                choices: [
                  'RLIMIT_AS',
                  'RLIMIT_CORE',
                  'RLIMIT_CPU',
                  'RLIMIT_DATA',
                  'RLIMIT_FSIZE',
                  'RLIMIT_LOCKS',
                  'RLIMIT_MEMLOCK',
                  'RLIMIT_MSGQUEUE',
                  'RLIMIT_NICE',
                  'RLIMIT_NOFILE',
                  'RLIMIT_NPROC',
                  'RLIMIT_RSS',
                  'RLIMIT_RTPRIO',
                  'RLIMIT_RTTIME',
                  'RLIMIT_SIGPENDING',
                  'RLIMIT_STACK',
                ],
              },
              soft: uint64,
              hard: uint64,
            },
          },
          minItems: 0,
          title: 'an array',
        },
        noNewPrivileges: form2,
        apparmorProfile: text,
        selinuxLabel: text,
        oomScoreAdj: {
          type: 'integer',
          minimum: -1000,
          maximum: 1000,
          title: 'an integer from -1000 to 1000',
        },
        scheduler: {
          type: 'object',
          required: ['policy'],
          properties: {
            policy: {
              type: 'enum',
              choices: [
                'SCHED_OTHER',
                'SCHED_FIFO',
                'SCHED_RR',
                'SCHED_BATCH',
                'SCHED_ISO',
                'SCHED_IDLE',
                'SCHED_DEADLINE',
              ],
            },
            nice: {type: 'integer', minimum: -20, maximum: 19, title: 'an integer from -20 to 19'},
            priority: {type: 'integer', minimum: 0, maximum: 99, title: 'an integer from 0 to 99'},
            flags: {
              type: 'array',
              items: {
                type: 'enum',
                choices: [
                  'SCHED_FLAG_RESET_ON_FORK',
                  'SCHED_FLAG_RECLAIM',
                  'SCHED_FLAG_DL_OVERRUN',
                  'SCHED_FLAG_KEEP_POLICY',
                  'SCHED_FLAG_KEEP_PARAMS',
                  'SCHED_FLAG_UTIL_CLAMP_MIN',
                  'SCHED_FLAG_UTIL_CLAMP_MAX',
                ],
              },
              minItems: 0,
              title: 'an array',
            },
            runtime: uint64,
            deadline: uint64,
            period: uint64,
          },
        },
        ioPriority: {
          type: 'object',
          required: ['class', 'priority'],
          properties: {
            class: {
              type: 'enum',
              choices: ['IOPRIO_CLASS_RT', 'IOPRIO_CLASS_BE', 'IOPRIO_CLASS_IDLE'],
            },
            priority: {type: 'integer', minimum: 0, maximum: 7, title: 'an integer from 0 to 7'},
          },
        },
        execCPUAffinity: {
          type: 'object',
          required: [],
          properties: {initial: idList, final: idList},
        },
      },
    },
    hostname: text,
    domainname: text,
    mounts: {
      type: 'array',
      items: {
        type: 'object',
        required: ['destination'],
        properties: {
          destination: name,
          type: text,
          source: text,
          options: texts,
          uidMappings: idMappings,
          gidMappings: idMappings,
        },
      },
      minItems: 0,
      title: 'an array',
    },
    hooks: {
      type: 'object',
      required: [],
      properties: {
        prestart: form13,
        createRuntime: form13,
        createContainer: form13,
        startContainer: form13,
        poststart: form13,
        poststop: form13,
      },
    },
    annotations: textByName,
    linux: {
      type: 'object',
      required: [],
      properties: {
        namespaces: {
          type: 'array',
          items: {
            type: 'object',
            required: ['type'],
            properties: {
              type: {
                type: 'enum',
                choices: ['pid', 'network', 'mount', 'ipc', 'uts', 'user', 'cgroup', 'time'],
              },
              path: absolutePath,
            },
          },
          minItems: 0,
          title: 'an array',
        },
        uidMappings: idMappings,
        gidMappings: idMappings,
        timeOffsets: {
          type: 'object',
          required: [],
          properties: {boottime: form16, monotonic: form16},
        },
        devices: {
          type: 'array',
          items: {
            type: 'object',
            required: ['type', 'path'],
            properties: {
              type: {type: 'enum', choices: ['c', 'b', 'u', 'p']},
              path: absolutePath,
              major: uint32,
              minor: uint32,
              fileMode: uint32,
              uid: uint32,
              gid: uint32,
            },
          },
          minItems: 0,
          title: 'an array',
        },
        netDevices: {
          type: 'record',
          keys: /^(?!\.{1,2}$)[^\0/:\s]{1,15}$/u,
          keyTitle: 'the name of a network interface, of 1 to 15 characters',
          values: {
            type: 'object',
            required: [],
            properties: {
              name: {
                type: 'string',
                pattern: /^(?!\.{1,2}$)[^\0/:\s]{1,15}$/u,
                title: 'the name of a network interface, of 1 to 15 characters',
              },
            },
          },
        },
        cgroupsPath: text,
        resources: {
          type: 'object',
          required: [],
          properties: {
            devices: {
              type: 'array',
              items: {
                type: 'object',
                required: ['allow'],
                properties: {
                  allow: form2,
                  type: {type: 'enum', choices: ['a', 'c', 'b']},
                  major: limit,
                  minor: limit,
                  access: {
                    type: 'string',
                    pattern: /^[rwm]*$/u,
                    title: 'some of the letters r, w and m',
                  },
                },
              },
              minItems: 0,
              title: 'an array',
            },
            memory: {
              type: 'object',
              required: [],
              properties: {
                limit: limit,
                reservation: limit,
                swap: limit,
                kernel: limit,
                kernelTCP: limit,
                swappiness: {
                  type: 'integer',
                  minimum: 0,
                  maximum: 100,
                  title: 'an integer from 0 to 100',
                },
                disableOOMKiller: form2,
                useHierarchy: form2,
                checkBeforeUpdate: form2,
              },
            },
            cpu: {
              type: 'object',
              required: [],
              properties: {
                shares: uint64,
                quota: int64,
                burst: uint64,
                period: uint64,
                realtimeRuntime: int64,
                realtimePeriod: uint64,
                cpus: idList,
                mems: idList,
                idle: int64,
              },
            },
            pids: {type: 'object', required: [], properties: {limit: limit}},
            blockIO: {
              type: 'object',
              required: [],
              properties: {
                weight: uint16,
                leafWeight: uint16,
                weightDevice: {
                  type: 'array',
                  items: {
                    type: 'object',
                    required: ['major', 'minor'],
                    properties: {major: uint32, minor: uint32, weight: uint16, leafWeight: uint16},
                  },
                  minItems: 0,
                  title: 'an array',
                },
                throttleReadBpsDevice: form18,
                throttleWriteBpsDevice: form18,
                throttleReadIOPSDevice: form18,
                throttleWriteIOPSDevice: form18,
              },
            },
            hugepageLimits: {
              type: 'array',
              items: {
                type: 'object',
                required: ['pageSize', 'limit'],
                properties: {
                  pageSize: {
                    type: 'string',
                    pattern: /^[1-9][0-9]*[KMG]B$/u,
                    title: 'a page size such as "2MB"',
                  },
                  limit: uint64,
                },
              },
              minItems: 0,
              title: 'an array',
            },
            network: {
              type: 'object',
              required: [],
              properties: {
                classID: uint32,
                priorities: {
                  type: 'array',
                  items: {
                    type: 'object',
                    required: ['name', 'priority'],
                    properties: {name: name, priority: uint32},
                  },
                  minItems: 0,
                  title: 'an array',
                },
              },
            },
            rdma: {
              type: 'record',
              keys: /^[^\0]+$/u,
              keyTitle: 'the name of a device',
              values: {
                type: 'object',
                required: [],
                properties: {hcaHandles: uint32, hcaObjects: uint32},
              },
            },
            unified: textByName,
          },
        },
        intelRdt: {
          type: 'object',
          required: [],
          properties: {
            closID: name,
            schemata: {type: 'array', items: line, minItems: 0, title: 'an array'},
            l3CacheSchema: line,
            memBwSchema: {
              type: 'string',
              pattern: /^MB:[^\0\n]*$/u,
              title: 'a line that begins with "MB:"',
            },
            enableMonitoring: form2,
            enableCMT: form2,
            enableMBM: form2,
          },
        },
        memoryPolicy: {
          type: 'object',
          required: ['mode'],
          properties: {
            mode: {
              type: 'enum',
              choices: [
                'MPOL_DEFAULT',
                'MPOL_BIND',
                'MPOL_INTERLEAVE',
                'MPOL_WEIGHTED_INTERLEAVE',
                'MPOL_PREFERRED',
                'MPOL_PREFERRED_MANY',
                'MPOL_LOCAL',
              ],
            },
            nodes: idList,
            flags: {
              type: 'array',
              items: {
                type: 'enum',
                choices: ['MPOL_F_NUMA_BALANCING', 'MPOL_F_RELATIVE_NODES', 'MPOL_F_STATIC_NODES'],
              },
              minItems: 0,
              title: 'an array',
            },
          },
        },
        sysctl: textByName,
        seccomp: {
          type: 'object',
          required: ['defaultAction'],
          properties: {
            defaultAction: form20,
            defaultErrnoRet: uint32,
            architectures: {
              type: 'array',
              items: {
                type: 'enum',
                choices: [
                  'SCMP_ARCH_X86',
                  'SCMP_ARCH_X86_64',
                  'SCMP_ARCH_X32',
                  'SCMP_ARCH_ARM',
                  'SCMP_ARCH_AARCH64',
                  'SCMP_ARCH_MIPS',
                  'SCMP_ARCH_MIPS64',
                  'SCMP_ARCH_MIPS64N32',
                  'SCMP_ARCH_MIPSEL',
                  'SCMP_ARCH_MIPSEL64',
                  'SCMP_ARCH_MIPSEL64N32',
                  'SCMP_ARCH_PPC',
                  'SCMP_ARCH_PPC64',
                  'SCMP_ARCH_PPC64LE',
                  'SCMP_ARCH_S390',
                  'SCMP_ARCH_S390X',
                  'SCMP_ARCH_PARISC',
                  'SCMP_ARCH_PARISC64',
                  'SCMP_ARCH_RISCV64',
                  'SCMP_ARCH_LOONGARCH64',
                  'SCMP_ARCH_M68K',
                  'SCMP_ARCH_SH',
                  'SCMP_ARCH_SHEB',
                ],
              },
              minItems: 0,
              title: 'an array',
            },
            flags: {
              type: 'array',
              items: {
                type: 'enum',
                choices: [
                  'SECCOMP_FILTER_FLAG_TSYNC',
                  'SECCOMP_FILTER_FLAG_LOG',
                  'SECCOMP_FILTER_FLAG_SPEC_ALLOW',
                  'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV',
                ],
              },
              minItems: 0,
              title: 'an array',
            },
            listenerPath: absolutePath,
            listenerMetadata: text,
            syscalls: {
              type: 'array',
              items: {
                type: 'object',
                required: ['names', 'action'],
                properties: {
                  names: {
                    type: 'array',
                    items: name,
                    minItems: 1,
                    title: 'an array of at least one name',
                  },
                  action: form20,
                  errnoRet: uint32,
                  args: {
                    type: 'array',
                    items: {
                      type: 'object',
                      required: ['index', 'value', 'op'],
                      properties: {
                        index: {
                          type: 'integer',
                          minimum: 0,
                          maximum: 5,
                          title: 'an integer from 0 to 5',
                        },
                        value: uint64,
                        valueTwo: uint64,
                        op: {
                          type: 'enum',
                          choices: [
                            'SCMP_CMP_NE',
                            'SCMP_CMP_LT',
                            'SCMP_CMP_LE',
                            'SCMP_CMP_EQ',
                            'SCMP_CMP_GE',
                            'SCMP_CMP_GT',
                            'SCMP_CMP_MASKED_EQ',
                          ],
                        },
                      },
                    },
                    minItems: 0,
                    title: 'an array',
                  },
                },
              },
              minItems: 0,
              title: 'an array',
            },
          },
        },
        rootfsPropagation: {
          type: 'enum',
          choices: [
            'private',
            'shared',
            'slave',
            'unbindable',
            'rprivate',
            'rshared',
            'rslave',
            'runbindable',
          ],
        },
        maskedPaths: absolutePaths,
        readonlyPaths: absolutePaths,
        mountLabel: text,
        personality: {
          type: 'object',
          required: ['domain'],
          properties: {domain: {type: 'enum', choices: ['LINUX', 'LINUX32']}, flags: texts},
        },
      },
    },
  },
};
