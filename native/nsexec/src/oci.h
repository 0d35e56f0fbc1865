/*
 * The command line of an OCI runtime: what runc and crun have in common. The verbs that only look
 * at what is there, or end it, are here; what has to decide something is Node's.
 */
#ifndef OCI_H
#define OCI_H
#include <stdbool.h>
#include <sys/types.h>

struct oci {
	const char *program, *bundle; /* our own path, and the JavaScript */
	char **own; /* the whole command line */
	char **words; /* after the bundle */
	size_t global_count; /* how many of the words stand before the verb */
	bool asks_help; /* one of them does */
	const char *root, *log, *log_format;
	int failure; /* the exit code of one that is ours */
};

enum status { CREATING, CREATED, RUNNING, PAUSED, STOPPED };

struct container {
	const char *id;
	char path[4096];
	int directory;
	pid_t pid;
	int pidfd; /* -1: its first process is gone */
	enum status status;
	bool recorded; /* that there was a first process */
	char *template[5]; /* of its state: JSON around status and pid, cgroup, its version */
	char *text;
	const char *cgroups, *end; /* those to remove, each with a NUL */
};

/* oci.c */
int oci_main(char **argv);
bool is_flag(const char *word, const char *name);

/* oci-log.c */
int oci_fail(const struct oci *oci, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* oci-node.c */
int oci_execute_node(const struct oci *oci, const char *option);
char **oci_reporter(const struct oci *oci, char *words[REPORTER_WORDS]);
void oci_forget_node_settings(void);

/* oci-places.c */
const char *oci_default_root(void);
void oci_name_cache(void);

/* oci-create.c */
int oci_perform(const struct oci *oci, int plan, pid_t planner);
int oci_create(const struct oci *oci);

/* oci-container.c */
int oci_open(const struct oci *oci, const char *id, struct container *container);
void oci_refresh(struct container *container);
bool oci_exists(const struct oci *oci, const char *id);
bool is_frozen(const struct container *container);
const char *status_name(enum status status);
int oci_state(const struct oci *oci, char **words);

/* oci-start.c, oci-kill.c, oci-delete.c */
int oci_start(const struct oci *oci, char **words);
int oci_kill(const struct oci *oci, char **words);
int oci_delete(const struct oci *oci, char **words);
int oci_destroy(const struct oci *oci, const struct container *container);
bool kill_members_of(const struct container *container, int number);
void thaw(const struct container *container);
#endif
