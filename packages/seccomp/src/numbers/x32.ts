// System calls of x32, as it differs from x86_64. Made by scripts/generate-numbers.mjs: do not edit.

export const notInX32 = `
rt_sigaction rt_sigreturn ioctl readv writev recvfrom sendmsg recvmsg setsockopt getsockopt execve
ptrace rt_sigpending rt_sigtimedwait rt_sigqueueinfo sigaltstack uselib _sysctl create_module
get_kernel_syms query_module nfsservctl set_thread_area io_setup io_submit get_thread_area
epoll_ctl_old epoll_wait_old timer_create vserver mq_notify kexec_load waitid set_robust_list
get_robust_list vmsplice move_pages preadv pwritev rt_tgsigqueueinfo recvmmsg sendmmsg
process_vm_readv process_vm_writev execveat preadv2 pwritev2
`;

export const onlyInX32 = `
512 rt_sigaction rt_sigreturn ioctl readv writev recvfrom sendmsg recvmsg execve ptrace
rt_sigpending rt_sigtimedwait rt_sigqueueinfo sigaltstack timer_create mq_notify kexec_load waitid
set_robust_list get_robust_list vmsplice move_pages preadv pwritev rt_tgsigqueueinfo recvmmsg
sendmmsg process_vm_readv process_vm_writev setsockopt getsockopt io_setup io_submit execveat
preadv2 pwritev2
`;
