/*
 * Loads a program into this kernel and makes calls under it.
 *
 *   judged PROGRAM FLAGS < CALLS
 *
 * A call is `ABI NUMBER A0 .. A5`, where ABI is `64` (x32 by its bit in the number) or `32`, by
 * int $0x80. Prints each call's result, or the signal that ended the child, which makes no more.
 */
#include <errno.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct call {
	int abi;
	uint64_t number, arguments[6];
	int64_t result;
};

struct shared {
	volatile size_t made;
	volatile int finished;
	struct call calls[];
};

static int64_t make(const struct call *call)
{
	const uint64_t *a = call->arguments;
	int64_t result;

	if (call->abi == 32) {
		__asm__ volatile("int $0x80"
				 : "=a"(result)
				 : "a"(call->number), "b"(a[0]), "c"(a[1]), "d"(a[2]), "S"(a[3]), "D"(a[4])
				 : "memory", "r8", "r9", "r10", "r11");
		return (int32_t)result;
	}
	register uint64_t r10 __asm__("r10") = a[3];
	register uint64_t r8 __asm__("r8") = a[4];
	register uint64_t r9 __asm__("r9") = a[5];

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(call->number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
			 : "memory", "rcx", "r11");
	return result;
}

static void child(struct shared *shared, size_t count, struct sock_fprog *program, unsigned int flags)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, program) < 0)
		_exit(errno);
	/* From here on no call of the C library: the filter may refuse every one. */
	for (; shared->made < count; shared->made++)
		shared->calls[shared->made].result = make(&shared->calls[shared->made]);
	shared->finished = 1;
	for (;;)
		__asm__ volatile("pause");
}

int main(int argc, char **argv)
{
	static struct sock_filter instructions[BPF_MAXINSNS];
	FILE *file = argc > 2 ? fopen(argv[1], "rb") : NULL;
	size_t length = file ? fread(instructions, sizeof(*instructions), BPF_MAXINSNS, file) : 0;
	struct sock_fprog program = {.len = length, .filter = instructions};
	size_t most = 1 << 16, count = 0;
	struct shared *shared = mmap(NULL, sizeof(*shared) + most * sizeof(struct call),
				     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0;
	pid_t pid;

	if (length == 0 || shared == MAP_FAILED)
		return 2;
	for (struct call *c = shared->calls; count < most; c++, count++) {
		uint64_t *a = c->arguments;

		if (scanf("%d %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64,
			  &c->abi, &c->number, a, a + 1, a + 2, a + 3, a + 4, a + 5) != 8)
			break;
	}
	pid = fork();
	if (pid == 0)
		child(shared, count, &program, strtoul(argv[2], NULL, 10));
	while (!shared->finished && waitpid(pid, &status, WNOHANG) == 0)
		usleep(1000);
	if (shared->finished) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	} else if (WIFEXITED(status)) {
		fprintf(stderr, "the filter was refused: errno %d\n", WEXITSTATUS(status));
		return 1;
	}
	for (size_t i = 0; i < shared->made; i++)
		printf("%" PRId64 "\n", shared->calls[i].result);
	if (!shared->finished)
		printf("signal %d\n", WTERMSIG(status));
	return 0;
}
