/**
 * What every container may call, by what it is for.
 *
 * Names of all architectures together: a table of numbers knows which of them it has. What is not
 * here reaches over the container's edge (mounts, modules, keys, clocks, swap, other processes), or
 * is old, rare and large (`userfaultfd`, `io_uring_*`, `add_key`).
 */
export const allowed = {
  openAndClose:
    'open openat openat2 creat close close_range dup dup2 dup3 fcntl fcntl64 flock ioctl pipe ' +
    'pipe2 memfd_create memfd_secret name_to_handle_at',
  readAndWrite:
    'read readv pread64 preadv preadv2 write writev pwrite64 pwritev pwritev2 lseek _llseek ' +
    'sendfile sendfile64 splice tee vmsplice copy_file_range readahead fadvise64 fadvise64_64 ' +
    'sync syncfs fsync fdatasync sync_file_range cachestat',
  sizes: 'truncate truncate64 ftruncate ftruncate64 fallocate',
  fileStatus:
    'stat stat64 fstat fstat64 lstat lstat64 fstatat64 newfstatat statx access faccessat ' +
    'faccessat2 statfs statfs64 fstatfs fstatfs64 statmount listmount',
  directories: 'getdents getdents64 getcwd chdir fchdir mkdir mkdirat rmdir',
  names:
    'link linkat unlink unlinkat symlink symlinkat readlink readlinkat rename renameat renameat2 ' +
    'mknod mknodat',
  modesAndOwners:
    'chmod fchmod fchmodat fchmodat2 chown chown32 fchown fchown32 fchownat lchown lchown32 umask',
  fileTimes: 'utime utimes utimensat utimensat_time64 futimesat',
  extendedAttributes:
    'getxattr lgetxattr fgetxattr getxattrat setxattr lsetxattr fsetxattr setxattrat listxattr ' +
    'llistxattr flistxattr listxattrat removexattr lremovexattr fremovexattr removexattrat',
  watching: 'inotify_init inotify_init1 inotify_add_watch inotify_rm_watch fanotify_mark',
  waitingForDescriptors:
    'poll ppoll ppoll_time64 select _newselect pselect6 pselect6_time64 epoll_create ' +
    'epoll_create1 epoll_ctl epoll_ctl_old epoll_wait epoll_wait_old epoll_pwait epoll_pwait2 ' +
    'eventfd eventfd2 signalfd signalfd4',
  asynchronousInput:
    'io_setup io_destroy io_submit io_cancel io_getevents io_pgetevents io_pgetevents_time64',
  sockets:
    'socketpair bind connect listen accept accept4 shutdown getsockname getpeername getsockopt ' +
    'setsockopt send sendto sendmsg sendmmsg recv recvfrom recvmsg recvmmsg recvmmsg_time64 ' +
    'socketcall',
  systemV:
    'ipc msgget msgsnd msgrcv msgctl semget semop semtimedop semtimedop_time64 semctl shmget ' +
    'shmat shmdt shmctl',
  messageQueues:
    'mq_open mq_unlink mq_notify mq_getsetattr mq_timedsend mq_timedsend_time64 mq_timedreceive ' +
    'mq_timedreceive_time64',
  memory:
    'brk mmap mmap2 munmap mremap mprotect madvise mincore msync mlock mlock2 mlockall munlock ' +
    'munlockall mseal remap_file_pages membarrier pkey_alloc pkey_free pkey_mprotect ' +
    'map_shadow_stack process_mrelease',
  processes:
    'fork vfork execve execveat exit exit_group wait4 waitid waitpid getpid getppid gettid ' +
    'pidfd_open pidfd_send_signal set_tid_address restart_syscall',
  groupsAndSessions: 'getpgid getpgrp setpgid getsid setsid',
  users:
    'getuid getuid32 geteuid geteuid32 getresuid getresuid32 setuid setuid32 setreuid setreuid32 ' +
    'setresuid setresuid32 setfsuid setfsuid32',
  groups:
    'getgid getgid32 getegid getegid32 getresgid getresgid32 setgid setgid32 setregid setregid32 ' +
    'setresgid setresgid32 setfsgid setfsgid32 getgroups getgroups32 setgroups setgroups32',
  confinement:
    'capget capset prctl seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self',
  threads:
    'futex futex_time64 futex_wait futex_waitv futex_wake futex_requeue set_robust_list ' +
    'get_robust_list get_thread_area set_thread_area rseq',
  scheduling:
    'sched_yield sched_getaffinity sched_setaffinity sched_getattr sched_setattr sched_getparam ' +
    'sched_setparam sched_getscheduler sched_setscheduler sched_get_priority_max ' +
    'sched_get_priority_min sched_rr_get_interval sched_rr_get_interval_time64 getpriority ' +
    'setpriority ioprio_get ioprio_set getcpu',
  limits: 'getrlimit setrlimit ugetrlimit prlimit64 getrusage',
  signals:
    'kill tkill tgkill sigaltstack sigprocmask sigreturn rt_sigaction rt_sigpending ' +
    'rt_sigprocmask rt_sigqueueinfo rt_tgsigqueueinfo rt_sigreturn rt_sigsuspend ' +
    'rt_sigtimedwait rt_sigtimedwait_time64 pause',
  clocks:
    'time times gettimeofday clock_getres clock_getres_time64 clock_gettime clock_gettime64 ' +
    'clock_nanosleep clock_nanosleep_time64 nanosleep',
  // These ask for a capability themselves where they change the host's clock.
  adjustedClocks: 'adjtimex clock_adjtime clock_adjtime64',
  timers:
    'alarm getitimer setitimer timer_create timer_delete timer_getoverrun timer_gettime ' +
    'timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime ' +
    'timerfd_gettime64 timerfd_settime timerfd_settime64',
  aboutTheSystem: 'uname sysinfo getrandom riscv_hwprobe uretprobe',
} as const;
