/*
 * Runs the program from a sealed copy of itself. Until it becomes the command, the container's
 * first process runs our file; a payload that shares an id with the file's owner could open
 * /proc/PID/exe and write to it for the next user (CVE-2019-5736). A sealed memory file cannot be
 * written by anybody.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>
#include "kernel.h"
#include "nsexec.h"

#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static int copy_self(int from)
{
	struct stat status;
	int copy = (int)syscall(SYS_memfd_create, "nsexec",
				MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);

	/* Before Linux 6.3 the flag is unknown, and every memory file can be executed. */
	if (copy < 0 && errno == EINVAL)
		copy = (int)syscall(SYS_memfd_create, "nsexec", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (copy < 0 || fstat(from, &status) < 0)
		return -1;
	for (off_t done = 0; done < status.st_size;)
		if (sendfile(copy, from, &done, (size_t)(status.st_size - done)) <= 0)
			return -1;
	return fcntl(copy, F_ADD_SEALS, SEALS) < 0 ? -1 : copy;
}

/* Returns 0 in the sealed program, a negative errno where it cannot be made. */
int seal_self(char **argv)
{
	extern char **environ;
	int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int copy;

	if (self < 0)
		return -errno;
	if (fcntl(self, F_GET_SEALS) == SEALS) {
		close(self);
		return 0;
	}
	copy = copy_self(self);
	if (copy < 0)
		return -errno;
	syscall(SYS_execveat, copy, "", argv, environ, AT_EMPTY_PATH);
	return -errno;
}
