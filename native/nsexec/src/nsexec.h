/*
 * nsexec performs a plan: a list of primitive operations, already decided and ordered, in three
 * processes.
 *
 * supervisor: the process that was started, in the host's namespaces; relays, forwards, waits,
 * cleans up.
 *
 * keeper: pid 1 of an outer pid namespace; dies with the supervisor, and the kernel with it ends
 * all inside. For another engine it leaves once it has cloned the container.
 *
 * container: pid 1 of the inner one; builds its file system, gives up its privileges, becomes the
 * command.
 */
#ifndef NSEXEC_H
#define NSEXEC_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "operations.h"

#define SLOTS_MAX 256
#define DETAIL_MAX 256
#define GROUPS_MAX 64
#define REPORTER_WORDS 24

/*
 * What a wait of ours ends with when a peer is gone: not an error of the operation, nobody is left
 * to tell.
 */
#define PEER_GONE 10000

struct record {
	const struct operation *operation;
	enum operation_code code;
	enum stage stage;
	unsigned optional_count;
	const uint16_t *optional;
	unsigned else_count;
	uint64_t arguments[12]; /* of the operation's own struct */
};

struct plan {
	struct record *records;
	size_t count;
	char **strings; /* of all records, one list behind the other */
	unsigned slot_count;
	bool seal;
};

/* The process's user, numbers at last. */
struct user {
	uid_t uid;
	gid_t gid;
	size_t group_count;
	gid_t groups[GROUPS_MAX];
	char home[256];
};

enum role { SUPERVISOR, KEEPER, CONTAINER };

struct context {
	struct plan plan;
	int plan_fd;
	int report_fd; /* -1: none */
	char **reporter; /* NULL: none; executed when a run fails */
	char **argv; /* the command line that we were executed with */
	enum role role;
	bool cleanup; /* after a run that was killed: the last stages alone */
	size_t at; /* the record at work */
	char detail[DETAIL_MAX]; /* what the number alone does not say */
	int slots[SLOTS_MAX];
	int keeper_socket[2], container_socket[2]; /* [0] the supervisor's end */
	pid_t keeper, container;
	int keeper_pidfd, container_pidfd;
	struct user user;
	int listener; /* that will be told of a filter which notifies; -1: none */
	size_t listener_at; /* the record that connected to it */
	bool start_given;
	bool left_behind; /* something could not be undone */
	bool shared; /* no pid namespace ends with the keeper */
	bool detached; /* the container goes on without us */
	bool foreign; /* its directory is not ours, nor what a plan would undo */
	int lock; /* of its directory; -1: none */
	pid_t planner; /* a Node of ours that is to be reaped; 0: none */
	int streams[3]; /* of the container's, handed to us */
	size_t stream_count;
	int exit_code;
};

/* plan.c */
int plan_read(struct plan *plan, int fd, unsigned stages);

#define ALL_STAGES (~0u)
/* What undoes, and what it takes to have part of that done inside. */
#define CLEANUP_STAGES                                                                             \
	(1u << STAGE_CLONE | 1u << STAGE_ATTACH | 1u << STAGE_KEEP | 1u << STAGE_VACATE |          \
	 1u << STAGE_ENDING)

/* stages.c */
int run_stage(struct context *context, enum stage stage);

/* report.c */
struct failure {
	long index; /* of the record; -1: none */
	int error;
	char detail[DETAIL_MAX];
};
void tell_failure(struct context *context, int error) __attribute__((noreturn));
void report_failure(struct context *context, const struct failure *failure)
	__attribute__((noreturn));
void warn_failure(struct context *context, int error);
int detail_error(struct context *context, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* message.c */
enum message_type {
	RELEASE = 1,
	KEEPER_READY,
	CONTAINER_READY,
	START,
	STREAMS,
	SIGNAL,
	STATUS,
	FAILED,
	FILTER_LOADED,
	ANNOUNCED,
	HOOKS_READY,
	OPENED
};
struct message {
	uint32_t type;
	int32_t index, value;
	char detail[DETAIL_MAX];
};
int message_send(int socket, const struct message *message, const int *fds, size_t count);
int message_receive(int socket, struct message *message, int *fds, size_t *count, pid_t *sender);

/* files.c */
int write_whole(int fd, const char *data);

/* process-id.c: a process by its pid and start time, which no other has after it */
ssize_t read_text(int directory, const char *path, char *text, size_t size);
bool process_start(pid_t pid, unsigned long long *start, char *state);
int write_renamed(const char *path, const char *data);
bool read_boot_id(char boot[40]);

/* detach.c */
int follow_container(struct context *context, uint32_t until);
bool is_ours_to_undo(struct context *context);

/* hooks.c */
int serve_hooks(struct context *context);
int open_interruptions(const struct context *context);

/* program.c */
int run_program(struct context *context, const struct strings *words, const char *placeholder,
		pid_t pid);

/* main.c */
int perform(char **argv, char **own);

/* cgroup-end.c */
bool signal_members(int directory, int number);

/* seal.c, processes */
int seal_self(char **argv);
void keeper_main(struct context *context) __attribute__((noreturn));
void container_main(struct context *context) __attribute__((noreturn));
pid_t clone_process(uint64_t flags, int *pidfd, int cgroup);
void end_keeper(struct context *context);
void end_container(struct context *context);
void close_slots(struct context *context);
void take_name(struct context *context);
void end_family(struct context *context);

/* attach.c */
int open_process_file(pid_t pid, const char *file, int flags);
int write_process_file(pid_t pid, const char *file, const char *data);

/* paths.c: everything under the container's root is reached by these alone */
int open_inside(int root, const char *path, int flags, uint64_t resolve);
int make_inside(int root, const char *path, mode_t mode, bool file, bool follow);
int open_parent_inside(int root, const char *path, char name[256]);
int read_inside(int root, const char *path, char *buffer, size_t size);

/* seccomp.c */
int announce_filter(struct context *context, pid_t pid, int filter);

/* user.c */
bool parse_id(const char *text, uint32_t *id);
size_t split_line(char *line, char **fields, size_t max);
int load_accounts(int root, const char *path, char **text);

/* mounts.c */
int clone_device(const char *path, uint64_t device);

static inline int slot(const struct context *context, int64_t number, int otherwise)
{
	return number < 0 ? otherwise : context->slots[number];
}
#endif
