# Runs as pid 1 of the arena's namespaces, then runs the rest of its arguments in them.
# Tools that leave things in /run or /dev/shm (Podman's lock, Docker's plugin folders) leave them
# in file systems that end with the arena.
set -e
ip link set lo up
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock
mount -t tmpfs -o mode=1777 tmpfs /dev/shm

# OCI runtimes give their standard streams to the container's user, the host's /dev/null too.
mknod -m 666 /run/null c 1 3
mount --bind /run/null /dev/null

# crun refuses cgroup v1 with controllers left on v2. The empty file system on top catches what
# tools would create in the folder beneath.
if [ "$(stat -f -c %T /sys/fs/cgroup/unified 2>/dev/null)" = cgroup2fs ]; then
	umount /sys/fs/cgroup/unified
	mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup/unified
fi

# Not exec: pid 1 has to reap what the tools leave to it.
set +e
"$@"
exit $?
