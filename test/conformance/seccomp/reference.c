/*
 * libseccomp's own program for a filter, on stdout; or, with an architecture as argument, its table.
 *
 * One filter on stdin, a word a line where nothing else is said:
 *   default ACTION
 *   arch NAME                        the first one is the machine's
 *   rule ACTION NAME [INDEX OPERATOR A B]...
 * Numbers are decimal; OPERATOR is as in enum scmp_compare. What libseccomp does not know by name is
 * said on stderr, a line each, and left out, as runc leaves it out.
 */
#include <errno.h>
#include <inttypes.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what, const char *name, int error)
{
	fprintf(stderr, "%s %s: %s\n", what, name, strerror(error < 0 ? -error : error));
	exit(1);
}

static void add_rule(scmp_filter_ctx filter, char *words)
{
	struct scmp_arg_cmp comparisons[6];
	unsigned int count = 0;
	uint32_t action = strtoul(strtok(words, " "), NULL, 10);
	const char *name = strtok(NULL, " ");
	int number = seccomp_syscall_resolve_name(name);
	int error;

	if (number == __NR_SCMP_ERROR) {
		fprintf(stderr, "%s\n", name);
		return;
	}
	for (char *index; (index = strtok(NULL, " ")) != NULL && count < 6; count++) {
		comparisons[count].arg = strtoul(index, NULL, 10);
		comparisons[count].op = strtoul(strtok(NULL, " "), NULL, 10);
		comparisons[count].datum_a = strtoull(strtok(NULL, " "), NULL, 10);
		comparisons[count].datum_b = strtoull(strtok(NULL, " "), NULL, 10);
	}
	error = seccomp_rule_add_array(filter, action, number, count, comparisons);
	if (error < 0)
		fail("rule", name, error);
}

static int print_table(const char *architecture)
{
	uint32_t token = seccomp_arch_resolve_name(architecture);
	int base = token == SCMP_ARCH_X32 ? 0x40000000 : 0;

	for (int number = 0; number < 0x0f0010; number++) {
		char *name = seccomp_syscall_resolve_num_arch(token, base + number);

		if (name != NULL)
			printf("%d %s\n", base + number, name);
		free(name);
		/* Nothing lies between these and arm's private calls. */
		if (number == 2000)
			number = 0x0f0000 - 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	scmp_filter_ctx filter = NULL;
	char line[4096];
	int architectures = 0;
	int rules = 0;
	int error;

	if (argc > 1)
		return print_table(argv[1]);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "default ", 8) == 0) {
			filter = seccomp_init(strtoul(line + 8, NULL, 10));
			if (filter == NULL)
				fail("default", line + 8, EINVAL);
		} else if (strncmp(line, "arch ", 5) == 0) {
			uint32_t token = seccomp_arch_resolve_name(line + 5);

			error = seccomp_arch_add(filter, token);
			if (error < 0 && error != -EEXIST)
				fail("arch", line + 5, error);
			if (architectures++ == 0 && token != seccomp_arch_native())
				seccomp_arch_remove(filter, SCMP_ARCH_NATIVE);
		} else if (strncmp(line, "rule ", 5) == 0) {
			add_rule(filter, line + 5);
			rules++;
		}
	}
	if (rules > 0)
		seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	error = seccomp_export_bpf(filter, 1);
	if (error < 0)
		fail("export", "", error);
	return 0;
}
