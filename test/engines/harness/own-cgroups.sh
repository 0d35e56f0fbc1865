# Run in an arena with a cgroup namespace: of cgroup v1, shows only what is below the arena's own cgroups,
# which are what that namespace begins with. Then keeps the arena until stdin ends.
set -e
hierarchies=$(awk -F: '$2 != "" {print $2}' /proc/self/cgroup)
if [ -n "$hierarchies" ]; then
	umount -R /sys/fs/cgroup
	mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup
	for names in $hierarchies; do
		directory=/sys/fs/cgroup/${names#name=}
		mkdir "$directory"
		case $names in
		name=*) mount -t cgroup -o "none,$names" cgroup "$directory" ;;
		*) mount -t cgroup -o "$names" cgroup "$directory" ;;
		esac
	done
fi

# As systemd leaves it, and Podman asks for it; nothing reaches the host, whose mounts are private here.
mount --make-rshared /
echo ready
exec cat
