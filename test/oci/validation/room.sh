# Runs a validation program in namespaces of its own, in cgroups of its own that look like the machine's.
# Usage: sh room.sh outside CGROUPS-FILE PROGRAM...
#   CGROUPS-FILE   one directory a line that this process enters; the last word of the line is how it is
#                  mounted inside: `DIRECTORY TYPE OPTIONS NAME`, NAME `.` for cgroup v2 alone
set -e
stage=$1
cgroups=$2
shift 2

if [ "$stage" = outside ]; then
	while read -r directory rest; do
		echo $$ >"$directory/cgroup.procs"
	done <"$cgroups"
	exec unshare --mount --net --pid --cgroup --fork --mount-proc --kill-child -- \
		sh "$0" inside "$cgroups" "$@"
fi

# One program takes the first two interfaces that there are.
ip link set lo up
ip link add eth0 type veth peer name eth1
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=1777 tmpfs "$TMPDIR"

# OCI runtimes give their standard streams to the container's user, the host's /dev/null too.
mknod -m 666 /run/null c 1 3
mount --bind /run/null /dev/null

# Absolute paths of cgroups end in the room's own; and v2 beside v1, which crun refuses, is not there.
umount --recursive /sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
while read -r directory type options name; do
	mkdir -p "/sys/fs/cgroup/$name"
	mount -t "$type" -o "$options" cgroup "/sys/fs/cgroup/$name"
done <"$cgroups"

# Not exec: pid 1 has to reap what the program leaves to it.
set +e
"$@"
exit $?
