/* Made from packages/plan/src/operations.ts by its `generate` script: change that, not this. */
#ifndef OPERATIONS_H
#define OPERATIONS_H
#include "fields.h"

#define FORMAT_VERSION 0xea5345efu

enum stage {
	STAGE_PREPARE = 0,
	STAGE_CLONE = 1,
	STAGE_ATTACH = 2,
	STAGE_KEEP = 3,
	STAGE_BUILD = 4,
	STAGE_HOOKS = 5,
	STAGE_ENTER = 6,
	STAGE_CONFINE = 7,
	STAGE_GATE = 8,
	STAGE_START = 9,
	STAGE_EXEC = 10,
	STAGE_STARTED = 11,
	STAGE_VACATE = 12,
	STAGE_ENDING = 13,
	STAGES
};

enum operation_code {
	OPERATION_CLONE_KEEPER = 3,
	OPERATION_WRITE_PROCESS = 4,
	OPERATION_RUN_MAPPER = 5,
	OPERATION_RAISE_RLIMIT = 64,
	OPERATION_RELEASE_KEEPER = 8,
	OPERATION_AWAIT_RELEASE = 9,
	OPERATION_BECOME_ROOT = 10,
	OPERATION_DIE_WITH_SUPERVISOR = 11,
	OPERATION_DIE_WITH_PARENT = 69,
	OPERATION_CLONE_CONTAINER = 12,
	OPERATION_UNSHARE = 13,
	OPERATION_OPEN_NAMESPACE = 67,
	OPERATION_ENTER_NAMESPACE = 68,
	OPERATION_MAKE_USER_NAMESPACE = 75,
	OPERATION_AWAIT_START = 41,
	OPERATION_START_INIT = 42,
	OPERATION_EXECUTE = 43,
	OPERATION_SUPERVISE = 44,
	OPERATION_OPEN_TREE = 1,
	OPERATION_MOUNT_ATTRIBUTES = 2,
	OPERATION_IDMAP_MOUNT = 7,
	OPERATION_SET_PROPAGATION = 14,
	OPERATION_CREATE_MOUNT = 15,
	OPERATION_ATTACH_MOUNT = 16,
	OPERATION_MASK_PATH = 22,
	OPERATION_READ_ONLY_PATH = 23,
	OPERATION_PIVOT_ROOT = 25,
	OPERATION_CHANGE_ROOT = 115,
	OPERATION_MAKE_DIRECTORY = 17,
	OPERATION_MAKE_SYMLINK = 18,
	OPERATION_WRITE_FILE = 19,
	OPERATION_OPEN_PATH = 20,
	OPERATION_SET_XATTR = 21,
	OPERATION_COPY_TREE = 73,
	OPERATION_COPY_MODE = 119,
	OPERATION_CHANGE_OWNERS = 76,
	OPERATION_OPEN_DEVICE = 70,
	OPERATION_MAKE_DEVICE = 71,
	OPERATION_WRITE_CONTROL = 65,
	OPERATION_WRITE_OWN = 66,
	OPERATION_REMOVE_TREE = 45,
	OPERATION_REMOVE_FILE = 46,
	OPERATION_LINK_UP = 24,
	OPERATION_SET_HOSTNAME = 26,
	OPERATION_SET_DOMAINNAME = 27,
	OPERATION_USE_IDS = 28,
	OPERATION_RESOLVE_USER = 29,
	OPERATION_ADD_GROUPS = 72,
	OPERATION_FIND_ACCOUNT = 77,
	OPERATION_COPY_ACCOUNTS = 78,
	OPERATION_MAKE_HOME = 30,
	OPERATION_OPEN_TERMINAL = 31,
	OPERATION_OPEN_PIPES = 32,
	OPERATION_JOIN_KEYRING = 33,
	OPERATION_DROP_BOUNDING = 34,
	OPERATION_SET_USER = 35,
	OPERATION_SET_CAPABILITIES = 36,
	OPERATION_NO_NEW_PRIVILEGES = 37,
	OPERATION_SET_UMASK = 38,
	OPERATION_CHANGE_DIRECTORY = 39,
	OPERATION_CLOSE_DESCRIPTORS = 40,
	OPERATION_LOAD_SECCOMP = 47,
	OPERATION_CONNECT_LISTENER = 80,
	OPERATION_CREATE_RULESET = 81,
	OPERATION_ALLOW_BENEATH = 82,
	OPERATION_RESTRICT_SELF = 83,
	OPERATION_SET_RLIMIT = 6,
	OPERATION_SET_SCHEDULER = 60,
	OPERATION_SET_IO_PRIORITY = 61,
	OPERATION_SET_PERSONALITY = 62,
	OPERATION_SET_MEMORY_POLICY = 63,
	OPERATION_START_SCOPE = 48,
	OPERATION_MAKE_CGROUP = 49,
	OPERATION_WRITE_CGROUP = 50,
	OPERATION_LOAD_DEVICE_FILTER = 51,
	OPERATION_OPEN_MEMBERS = 52,
	OPERATION_ENTER_CGROUP = 53,
	OPERATION_REPORT_OUT_OF_MEMORY = 54,
	OPERATION_REMOVE_CGROUP = 55,
	OPERATION_MAKE_GATE = 90,
	OPERATION_AWAIT_GATE = 91,
	OPERATION_LEAVE_CONTAINER = 92,
	OPERATION_INHERIT_STREAMS = 93,
	OPERATION_AWAIT_CONTAINER = 94,
	OPERATION_RECORD_CONTAINER = 95,
	OPERATION_WRITE_PID_FILE = 96,
	OPERATION_SEND_TERMINAL = 97,
	OPERATION_RELEASE_CONTAINER = 98,
	OPERATION_DETACH = 99,
	OPERATION_LOCK_CONTAINER = 121,
	OPERATION_GIVE_STREAMS = 122,
	OPERATION_FIND_COMMAND = 120,
	OPERATION_OPEN_PROCESS = 105,
	OPERATION_ENTER_PROCESS = 106,
	OPERATION_OPEN_DIRECTORY = 107,
	OPERATION_SET_AFFINITY = 108,
	OPERATION_ADOPT_RESTORED = 116,
	OPERATION_AWAIT_HOOKS = 100,
	OPERATION_RUN_HOOK = 101,
	OPERATION_MOVE_LINK = 102,
	OPERATION_WRITE_TREE = 130,
	OPERATION_MOUNT_LAYERS = 131,
	OPERATION_INHERIT_DIRECTORY = 133,
	OPERATION_MEASURE_TREE = 132,
};

struct context;

struct args_clone_keeper {
	uint64_t flags;
};
int op_clone_keeper(struct context *context, const struct args_clone_keeper *args);

struct args_write_process {
	const char *file;
	const char *data;
};
int op_write_process(struct context *context, const struct args_write_process *args);

struct args_run_mapper {
	struct strings argv;
};
int op_run_mapper(struct context *context, const struct args_run_mapper *args);

struct args_raise_rlimit {
	uint64_t resource;
	uint64_t hard;
};
int op_raise_rlimit(struct context *context, const struct args_raise_rlimit *args);

struct args_release_keeper {
	uint64_t none;
};
int op_release_keeper(struct context *context, const struct args_release_keeper *args);

struct args_await_release {
	uint64_t none;
};
int op_await_release(struct context *context, const struct args_await_release *args);

struct args_become_root {
	uint64_t uid;
	uint64_t gid;
	uint64_t setgroups;
};
int op_become_root(struct context *context, const struct args_become_root *args);

struct args_die_with_supervisor {
	uint64_t none;
};
int op_die_with_supervisor(struct context *context, const struct args_die_with_supervisor *args);

struct args_die_with_parent {
	uint64_t none;
};
int op_die_with_parent(struct context *context, const struct args_die_with_parent *args);

struct args_clone_container {
	uint64_t flags;
	int64_t cgroup;
};
int op_clone_container(struct context *context, const struct args_clone_container *args);

struct args_unshare {
	uint64_t flags;
};
int op_unshare(struct context *context, const struct args_unshare *args);

struct args_open_namespace {
	const char *path;
	uint64_t type;
	int64_t to;
};
int op_open_namespace(struct context *context, const struct args_open_namespace *args);

struct args_enter_namespace {
	int64_t space;
	uint64_t type;
};
int op_enter_namespace(struct context *context, const struct args_enter_namespace *args);

struct args_make_user_namespace {
	const char *uid_map;
	const char *gid_map;
	int64_t to;
};
int op_make_user_namespace(struct context *context, const struct args_make_user_namespace *args);

struct args_await_start {
	uint64_t none;
};
int op_await_start(struct context *context, const struct args_await_start *args);

struct args_start_init {
	uint64_t none;
};
int op_start_init(struct context *context, const struct args_start_init *args);

struct args_execute {
	struct strings argv;
	struct strings env;
	const char *search;
};
int op_execute(struct context *context, const struct args_execute *args);

struct args_supervise {
	uint64_t none;
};
int op_supervise(struct context *context, const struct args_supervise *args);

struct args_open_tree {
	int64_t root;
	const char *path;
	uint64_t recursive;
	uint64_t device;
	int64_t to;
};
int op_open_tree(struct context *context, const struct args_open_tree *args);

struct args_mount_attributes {
	int64_t mount;
	uint64_t set;
	uint64_t clear;
	uint64_t propagation;
	uint64_t recursive;
};
int op_mount_attributes(struct context *context, const struct args_mount_attributes *args);

struct args_idmap_mount {
	int64_t mount;
	int64_t namespace;
	uint64_t recursive;
};
int op_idmap_mount(struct context *context, const struct args_idmap_mount *args);

struct args_set_propagation {
	uint64_t flags;
};
int op_set_propagation(struct context *context, const struct args_set_propagation *args);

struct args_create_mount {
	const char *type;
	const char *source;
	struct strings options;
	uint64_t attributes;
	int64_t directory;
	int64_t to;
};
int op_create_mount(struct context *context, const struct args_create_mount *args);

struct args_attach_mount {
	int64_t mount;
	int64_t root;
	const char *target;
	uint64_t file;
	uint64_t create;
	uint64_t follow;
};
int op_attach_mount(struct context *context, const struct args_attach_mount *args);

struct args_mask_path {
	int64_t root;
	const char *path;
	int64_t empty;
};
int op_mask_path(struct context *context, const struct args_mask_path *args);

struct args_read_only_path {
	int64_t root;
	const char *path;
};
int op_read_only_path(struct context *context, const struct args_read_only_path *args);

struct args_pivot_root {
	int64_t root;
};
int op_pivot_root(struct context *context, const struct args_pivot_root *args);

struct args_change_root {
	int64_t root;
};
int op_change_root(struct context *context, const struct args_change_root *args);

struct args_make_directory {
	int64_t root;
	const char *path;
	uint64_t mode;
};
int op_make_directory(struct context *context, const struct args_make_directory *args);

struct args_make_symlink {
	int64_t root;
	const char *path;
	const char *target;
};
int op_make_symlink(struct context *context, const struct args_make_symlink *args);

struct args_write_file {
	int64_t root;
	const char *path;
	uint64_t mode;
	const char *data;
	uint64_t create;
};
int op_write_file(struct context *context, const struct args_write_file *args);

struct args_open_path {
	int64_t root;
	const char *path;
	int64_t to;
};
int op_open_path(struct context *context, const struct args_open_path *args);

struct args_set_xattr {
	int64_t at;
	const char *name;
	const char *value;
};
int op_set_xattr(struct context *context, const struct args_set_xattr *args);

struct args_copy_tree {
	int64_t root;
	const char *path;
	int64_t to;
};
int op_copy_tree(struct context *context, const struct args_copy_tree *args);

struct args_copy_mode {
	int64_t root;
	const char *path;
	int64_t to;
};
int op_copy_mode(struct context *context, const struct args_copy_mode *args);

struct args_change_owners {
	const char *path;
	uint64_t uid;
	uint64_t gid;
};
int op_change_owners(struct context *context, const struct args_change_owners *args);

struct args_open_device {
	const char *path;
	uint64_t mode;
	uint64_t device;
	int64_t to;
};
int op_open_device(struct context *context, const struct args_open_device *args);

struct args_make_device {
	int64_t root;
	const char *path;
	uint64_t mode;
	uint64_t device;
	uint64_t uid;
	uint64_t gid;
};
int op_make_device(struct context *context, const struct args_make_device *args);

struct args_write_control {
	int64_t procfs;
	const char *path;
	const char *data;
};
int op_write_control(struct context *context, const struct args_write_control *args);

struct args_write_own {
	const char *file;
	const char *data;
};
int op_write_own(struct context *context, const struct args_write_own *args);

struct args_remove_tree {
	const char *path;
	uint64_t journal;
};
int op_remove_tree(struct context *context, const struct args_remove_tree *args);

struct args_remove_file {
	const char *path;
};
int op_remove_file(struct context *context, const struct args_remove_file *args);

struct args_link_up {
	const char *name;
};
int op_link_up(struct context *context, const struct args_link_up *args);

struct args_set_hostname {
	const char *name;
};
int op_set_hostname(struct context *context, const struct args_set_hostname *args);

struct args_set_domainname {
	const char *name;
};
int op_set_domainname(struct context *context, const struct args_set_domainname *args);

struct args_use_ids {
	uint64_t uid;
	uint64_t gid;
	struct numbers groups;
};
int op_use_ids(struct context *context, const struct args_use_ids *args);

struct args_resolve_user {
	const char *user;
	const char *group;
};
int op_resolve_user(struct context *context, const struct args_resolve_user *args);

struct args_add_groups {
	struct strings groups;
};
int op_add_groups(struct context *context, const struct args_add_groups *args);

struct args_find_account {
	int64_t root;
	const char *path;
	uint64_t id;
};
int op_find_account(struct context *context, const struct args_find_account *args);

struct args_copy_accounts {
	int64_t root;
	const char *path;
	int64_t room;
	const char *name;
	const char *line;
};
int op_copy_accounts(struct context *context, const struct args_copy_accounts *args);

struct args_make_home {
	uint64_t none;
};
int op_make_home(struct context *context, const struct args_make_home *args);

struct args_open_terminal {
	uint64_t console;
};
int op_open_terminal(struct context *context, const struct args_open_terminal *args);

struct args_open_pipes {
	uint64_t none;
};
int op_open_pipes(struct context *context, const struct args_open_pipes *args);

struct args_join_keyring {
	const char *name;
};
int op_join_keyring(struct context *context, const struct args_join_keyring *args);

struct args_drop_bounding {
	uint64_t keep;
};
int op_drop_bounding(struct context *context, const struct args_drop_bounding *args);

struct args_set_user {
	uint64_t setgroups;
};
int op_set_user(struct context *context, const struct args_set_user *args);

struct args_set_capabilities {
	uint64_t effective;
	uint64_t permitted;
	uint64_t inheritable;
	uint64_t ambient;
};
int op_set_capabilities(struct context *context, const struct args_set_capabilities *args);

struct args_no_new_privileges {
	uint64_t none;
};
int op_no_new_privileges(struct context *context, const struct args_no_new_privileges *args);

struct args_set_umask {
	uint64_t mask;
};
int op_set_umask(struct context *context, const struct args_set_umask *args);

struct args_change_directory {
	const char *path;
};
int op_change_directory(struct context *context, const struct args_change_directory *args);

struct args_close_descriptors {
	uint64_t from;
};
int op_close_descriptors(struct context *context, const struct args_close_descriptors *args);

struct args_load_seccomp {
	struct numbers program;
	uint64_t flags;
};
int op_load_seccomp(struct context *context, const struct args_load_seccomp *args);

struct args_connect_listener {
	const char *path;
	struct strings state;
};
int op_connect_listener(struct context *context, const struct args_connect_listener *args);

struct args_create_ruleset {
	uint64_t files;
	uint64_t scoped;
	int64_t to;
};
int op_create_ruleset(struct context *context, const struct args_create_ruleset *args);

struct args_allow_beneath {
	int64_t ruleset;
	const char *path;
	uint64_t files;
};
int op_allow_beneath(struct context *context, const struct args_allow_beneath *args);

struct args_restrict_self {
	int64_t ruleset;
};
int op_restrict_self(struct context *context, const struct args_restrict_self *args);

struct args_set_rlimit {
	uint64_t resource;
	uint64_t soft;
	uint64_t hard;
};
int op_set_rlimit(struct context *context, const struct args_set_rlimit *args);

struct args_set_scheduler {
	uint64_t policy;
	uint64_t flags;
	uint64_t nice;
	uint64_t priority;
	uint64_t runtime;
	uint64_t deadline;
	uint64_t period;
};
int op_set_scheduler(struct context *context, const struct args_set_scheduler *args);

struct args_set_io_priority {
	uint64_t priority;
};
int op_set_io_priority(struct context *context, const struct args_set_io_priority *args);

struct args_set_personality {
	uint64_t persona;
};
int op_set_personality(struct context *context, const struct args_set_personality *args);

struct args_set_memory_policy {
	uint64_t mode;
	struct numbers nodes;
};
int op_set_memory_policy(struct context *context, const struct args_set_memory_policy *args);

struct args_start_scope {
	struct strings argv;
	const char *cgroup;
};
int op_start_scope(struct context *context, const struct args_start_scope *args);

struct args_make_cgroup {
	const char *hierarchy;
	const char *path;
	const char *controllers;
	int64_t to;
};
int op_make_cgroup(struct context *context, const struct args_make_cgroup *args);

struct args_write_cgroup {
	int64_t cgroup;
	const char *file;
	const char *data;
};
int op_write_cgroup(struct context *context, const struct args_write_cgroup *args);

struct args_load_device_filter {
	int64_t cgroup;
	struct numbers program;
};
int op_load_device_filter(struct context *context, const struct args_load_device_filter *args);

struct args_open_members {
	int64_t cgroup;
	const char *file;
	int64_t to;
};
int op_open_members(struct context *context, const struct args_open_members *args);

struct args_enter_cgroup {
	int64_t members;
};
int op_enter_cgroup(struct context *context, const struct args_enter_cgroup *args);

struct args_report_out_of_memory {
	const char *path;
};
int op_report_out_of_memory(struct context *context, const struct args_report_out_of_memory *args);

struct args_remove_cgroup {
	const char *path;
};
int op_remove_cgroup(struct context *context, const struct args_remove_cgroup *args);

struct args_make_gate {
	const char *directory;
	int64_t socket;
	int64_t held;
};
int op_make_gate(struct context *context, const struct args_make_gate *args);

struct args_await_gate {
	int64_t socket;
	int64_t held;
	uint64_t from;
};
int op_await_gate(struct context *context, const struct args_await_gate *args);

struct args_leave_container {
	uint64_t none;
};
int op_leave_container(struct context *context, const struct args_leave_container *args);

struct args_inherit_streams {
	uint64_t none;
};
int op_inherit_streams(struct context *context, const struct args_inherit_streams *args);

struct args_await_container {
	uint64_t none;
};
int op_await_container(struct context *context, const struct args_await_container *args);

struct args_record_container {
	const char *path;
};
int op_record_container(struct context *context, const struct args_record_container *args);

struct args_write_pid_file {
	const char *path;
};
int op_write_pid_file(struct context *context, const struct args_write_pid_file *args);

struct args_send_terminal {
	const char *socket;
	uint64_t rows;
	uint64_t columns;
};
int op_send_terminal(struct context *context, const struct args_send_terminal *args);

struct args_release_container {
	uint64_t executed;
};
int op_release_container(struct context *context, const struct args_release_container *args);

struct args_detach {
	uint64_t none;
};
int op_detach(struct context *context, const struct args_detach *args);

struct args_lock_container {
	const char *path;
};
int op_lock_container(struct context *context, const struct args_lock_container *args);

struct args_give_streams {
	uint64_t uid;
};
int op_give_streams(struct context *context, const struct args_give_streams *args);

struct args_find_command {
	struct strings argv;
	const char *search;
};
int op_find_command(struct context *context, const struct args_find_command *args);

struct args_open_process {
	uint64_t pid;
	uint64_t start_time;
	int64_t to;
};
int op_open_process(struct context *context, const struct args_open_process *args);

struct args_enter_process {
	int64_t process;
	uint64_t namespaces;
};
int op_enter_process(struct context *context, const struct args_enter_process *args);

struct args_open_directory {
	const char *path;
	int64_t to;
};
int op_open_directory(struct context *context, const struct args_open_directory *args);

struct args_set_affinity {
	struct numbers cpus;
};
int op_set_affinity(struct context *context, const struct args_set_affinity *args);

struct args_adopt_restored {
	const char *pid_file;
	const char *log;
};
int op_adopt_restored(struct context *context, const struct args_adopt_restored *args);

struct args_await_hooks {
	uint64_t none;
};
int op_await_hooks(struct context *context, const struct args_await_hooks *args);

struct args_run_hook {
	const char *kind;
	const char *path;
	struct strings argv;
	uint64_t inherit;
	struct strings env;
	const char *directory;
	uint64_t timeout_ms;
	struct strings state;
};
int op_run_hook(struct context *context, const struct args_run_hook *args);

struct args_move_link {
	const char *name;
	const char *new_name;
};
int op_move_link(struct context *context, const struct args_move_link *args);

struct args_write_tree {
	const char *target;
	int64_t lower;
};
int op_write_tree(struct context *context, const struct args_write_tree *args);

struct args_mount_layers {
	int64_t directory;
	struct strings lowers;
	struct strings options;
	uint64_t flags;
	int64_t to;
};
int op_mount_layers(struct context *context, const struct args_mount_layers *args);

struct args_inherit_directory {
	int64_t from;
	const char *path;
	int64_t to;
	const char *place;
};
int op_inherit_directory(struct context *context, const struct args_inherit_directory *args);

struct args_measure_tree {
	const char *path;
};
int op_measure_tree(struct context *context, const struct args_measure_tree *args);

#endif

#ifdef OPERATIONS_TABLE
static const struct field fields_clone_keeper[] = {
	{FIELD_NUMBER, offsetof(struct args_clone_keeper, flags)},
};
static const struct field fields_write_process[] = {
	{FIELD_STRING, offsetof(struct args_write_process, file)},
	{FIELD_STRING, offsetof(struct args_write_process, data)},
};
static const struct field fields_run_mapper[] = {
	{FIELD_STRINGS, offsetof(struct args_run_mapper, argv)},
};
static const struct field fields_raise_rlimit[] = {
	{FIELD_NUMBER, offsetof(struct args_raise_rlimit, resource)},
	{FIELD_NUMBER, offsetof(struct args_raise_rlimit, hard)},
};
static const struct field fields_become_root[] = {
	{FIELD_NUMBER, offsetof(struct args_become_root, uid)},
	{FIELD_NUMBER, offsetof(struct args_become_root, gid)},
	{FIELD_NUMBER, offsetof(struct args_become_root, setgroups)},
};
static const struct field fields_clone_container[] = {
	{FIELD_NUMBER, offsetof(struct args_clone_container, flags)},
	{FIELD_SLOT_OR_NONE, offsetof(struct args_clone_container, cgroup)},
};
static const struct field fields_unshare[] = {
	{FIELD_NUMBER, offsetof(struct args_unshare, flags)},
};
static const struct field fields_open_namespace[] = {
	{FIELD_STRING, offsetof(struct args_open_namespace, path)},
	{FIELD_NUMBER, offsetof(struct args_open_namespace, type)},
	{FIELD_OUT, offsetof(struct args_open_namespace, to)},
};
static const struct field fields_enter_namespace[] = {
	{FIELD_SLOT, offsetof(struct args_enter_namespace, space)},
	{FIELD_NUMBER, offsetof(struct args_enter_namespace, type)},
};
static const struct field fields_make_user_namespace[] = {
	{FIELD_STRING, offsetof(struct args_make_user_namespace, uid_map)},
	{FIELD_STRING, offsetof(struct args_make_user_namespace, gid_map)},
	{FIELD_OUT, offsetof(struct args_make_user_namespace, to)},
};
static const struct field fields_execute[] = {
	{FIELD_STRINGS, offsetof(struct args_execute, argv)},
	{FIELD_STRINGS, offsetof(struct args_execute, env)},
	{FIELD_STRING, offsetof(struct args_execute, search)},
};
static const struct field fields_open_tree[] = {
	{FIELD_SLOT_OR_NONE, offsetof(struct args_open_tree, root)},
	{FIELD_STRING, offsetof(struct args_open_tree, path)},
	{FIELD_NUMBER, offsetof(struct args_open_tree, recursive)},
	{FIELD_NUMBER, offsetof(struct args_open_tree, device)},
	{FIELD_OUT, offsetof(struct args_open_tree, to)},
};
static const struct field fields_mount_attributes[] = {
	{FIELD_SLOT, offsetof(struct args_mount_attributes, mount)},
	{FIELD_NUMBER, offsetof(struct args_mount_attributes, set)},
	{FIELD_NUMBER, offsetof(struct args_mount_attributes, clear)},
	{FIELD_NUMBER, offsetof(struct args_mount_attributes, propagation)},
	{FIELD_NUMBER, offsetof(struct args_mount_attributes, recursive)},
};
static const struct field fields_idmap_mount[] = {
	{FIELD_SLOT, offsetof(struct args_idmap_mount, mount)},
	{FIELD_SLOT_OR_NONE, offsetof(struct args_idmap_mount, namespace)},
	{FIELD_NUMBER, offsetof(struct args_idmap_mount, recursive)},
};
static const struct field fields_set_propagation[] = {
	{FIELD_NUMBER, offsetof(struct args_set_propagation, flags)},
};
static const struct field fields_create_mount[] = {
	{FIELD_STRING, offsetof(struct args_create_mount, type)},
	{FIELD_STRING, offsetof(struct args_create_mount, source)},
	{FIELD_STRINGS, offsetof(struct args_create_mount, options)},
	{FIELD_NUMBER, offsetof(struct args_create_mount, attributes)},
	{FIELD_SLOT_OR_NONE, offsetof(struct args_create_mount, directory)},
	{FIELD_OUT, offsetof(struct args_create_mount, to)},
};
static const struct field fields_attach_mount[] = {
	{FIELD_SLOT, offsetof(struct args_attach_mount, mount)},
	{FIELD_SLOT_OR_NONE, offsetof(struct args_attach_mount, root)},
	{FIELD_STRING, offsetof(struct args_attach_mount, target)},
	{FIELD_NUMBER, offsetof(struct args_attach_mount, file)},
	{FIELD_NUMBER, offsetof(struct args_attach_mount, create)},
	{FIELD_NUMBER, offsetof(struct args_attach_mount, follow)},
};
static const struct field fields_mask_path[] = {
	{FIELD_SLOT, offsetof(struct args_mask_path, root)},
	{FIELD_STRING, offsetof(struct args_mask_path, path)},
	{FIELD_SLOT, offsetof(struct args_mask_path, empty)},
};
static const struct field fields_read_only_path[] = {
	{FIELD_SLOT, offsetof(struct args_read_only_path, root)},
	{FIELD_STRING, offsetof(struct args_read_only_path, path)},
};
static const struct field fields_pivot_root[] = {
	{FIELD_SLOT, offsetof(struct args_pivot_root, root)},
};
static const struct field fields_change_root[] = {
	{FIELD_SLOT, offsetof(struct args_change_root, root)},
};
static const struct field fields_make_directory[] = {
	{FIELD_SLOT, offsetof(struct args_make_directory, root)},
	{FIELD_STRING, offsetof(struct args_make_directory, path)},
	{FIELD_NUMBER, offsetof(struct args_make_directory, mode)},
};
static const struct field fields_make_symlink[] = {
	{FIELD_SLOT, offsetof(struct args_make_symlink, root)},
	{FIELD_STRING, offsetof(struct args_make_symlink, path)},
	{FIELD_STRING, offsetof(struct args_make_symlink, target)},
};
static const struct field fields_write_file[] = {
	{FIELD_SLOT, offsetof(struct args_write_file, root)},
	{FIELD_STRING, offsetof(struct args_write_file, path)},
	{FIELD_NUMBER, offsetof(struct args_write_file, mode)},
	{FIELD_STRING, offsetof(struct args_write_file, data)},
	{FIELD_NUMBER, offsetof(struct args_write_file, create)},
};
static const struct field fields_open_path[] = {
	{FIELD_SLOT_OR_NONE, offsetof(struct args_open_path, root)},
	{FIELD_STRING, offsetof(struct args_open_path, path)},
	{FIELD_OUT, offsetof(struct args_open_path, to)},
};
static const struct field fields_set_xattr[] = {
	{FIELD_SLOT, offsetof(struct args_set_xattr, at)},
	{FIELD_STRING, offsetof(struct args_set_xattr, name)},
	{FIELD_STRING, offsetof(struct args_set_xattr, value)},
};
static const struct field fields_copy_tree[] = {
	{FIELD_SLOT, offsetof(struct args_copy_tree, root)},
	{FIELD_STRING, offsetof(struct args_copy_tree, path)},
	{FIELD_SLOT, offsetof(struct args_copy_tree, to)},
};
static const struct field fields_copy_mode[] = {
	{FIELD_SLOT, offsetof(struct args_copy_mode, root)},
	{FIELD_STRING, offsetof(struct args_copy_mode, path)},
	{FIELD_SLOT, offsetof(struct args_copy_mode, to)},
};
static const struct field fields_change_owners[] = {
	{FIELD_STRING, offsetof(struct args_change_owners, path)},
	{FIELD_NUMBER, offsetof(struct args_change_owners, uid)},
	{FIELD_NUMBER, offsetof(struct args_change_owners, gid)},
};
static const struct field fields_open_device[] = {
	{FIELD_STRING, offsetof(struct args_open_device, path)},
	{FIELD_NUMBER, offsetof(struct args_open_device, mode)},
	{FIELD_NUMBER, offsetof(struct args_open_device, device)},
	{FIELD_OUT, offsetof(struct args_open_device, to)},
};
static const struct field fields_make_device[] = {
	{FIELD_SLOT, offsetof(struct args_make_device, root)},
	{FIELD_STRING, offsetof(struct args_make_device, path)},
	{FIELD_NUMBER, offsetof(struct args_make_device, mode)},
	{FIELD_NUMBER, offsetof(struct args_make_device, device)},
	{FIELD_NUMBER, offsetof(struct args_make_device, uid)},
	{FIELD_NUMBER, offsetof(struct args_make_device, gid)},
};
static const struct field fields_write_control[] = {
	{FIELD_SLOT, offsetof(struct args_write_control, procfs)},
	{FIELD_STRING, offsetof(struct args_write_control, path)},
	{FIELD_STRING, offsetof(struct args_write_control, data)},
};
static const struct field fields_write_own[] = {
	{FIELD_STRING, offsetof(struct args_write_own, file)},
	{FIELD_STRING, offsetof(struct args_write_own, data)},
};
static const struct field fields_remove_tree[] = {
	{FIELD_STRING, offsetof(struct args_remove_tree, path)},
	{FIELD_NUMBER, offsetof(struct args_remove_tree, journal)},
};
static const struct field fields_remove_file[] = {
	{FIELD_STRING, offsetof(struct args_remove_file, path)},
};
static const struct field fields_link_up[] = {
	{FIELD_STRING, offsetof(struct args_link_up, name)},
};
static const struct field fields_set_hostname[] = {
	{FIELD_STRING, offsetof(struct args_set_hostname, name)},
};
static const struct field fields_set_domainname[] = {
	{FIELD_STRING, offsetof(struct args_set_domainname, name)},
};
static const struct field fields_use_ids[] = {
	{FIELD_NUMBER, offsetof(struct args_use_ids, uid)},
	{FIELD_NUMBER, offsetof(struct args_use_ids, gid)},
	{FIELD_NUMBERS, offsetof(struct args_use_ids, groups)},
};
static const struct field fields_resolve_user[] = {
	{FIELD_STRING, offsetof(struct args_resolve_user, user)},
	{FIELD_STRING, offsetof(struct args_resolve_user, group)},
};
static const struct field fields_add_groups[] = {
	{FIELD_STRINGS, offsetof(struct args_add_groups, groups)},
};
static const struct field fields_find_account[] = {
	{FIELD_SLOT, offsetof(struct args_find_account, root)},
	{FIELD_STRING, offsetof(struct args_find_account, path)},
	{FIELD_NUMBER, offsetof(struct args_find_account, id)},
};
static const struct field fields_copy_accounts[] = {
	{FIELD_SLOT, offsetof(struct args_copy_accounts, root)},
	{FIELD_STRING, offsetof(struct args_copy_accounts, path)},
	{FIELD_SLOT, offsetof(struct args_copy_accounts, room)},
	{FIELD_STRING, offsetof(struct args_copy_accounts, name)},
	{FIELD_STRING, offsetof(struct args_copy_accounts, line)},
};
static const struct field fields_open_terminal[] = {
	{FIELD_NUMBER, offsetof(struct args_open_terminal, console)},
};
static const struct field fields_join_keyring[] = {
	{FIELD_STRING, offsetof(struct args_join_keyring, name)},
};
static const struct field fields_drop_bounding[] = {
	{FIELD_NUMBER, offsetof(struct args_drop_bounding, keep)},
};
static const struct field fields_set_user[] = {
	{FIELD_NUMBER, offsetof(struct args_set_user, setgroups)},
};
static const struct field fields_set_capabilities[] = {
	{FIELD_NUMBER, offsetof(struct args_set_capabilities, effective)},
	{FIELD_NUMBER, offsetof(struct args_set_capabilities, permitted)},
	{FIELD_NUMBER, offsetof(struct args_set_capabilities, inheritable)},
	{FIELD_NUMBER, offsetof(struct args_set_capabilities, ambient)},
};
static const struct field fields_set_umask[] = {
	{FIELD_NUMBER, offsetof(struct args_set_umask, mask)},
};
static const struct field fields_change_directory[] = {
	{FIELD_STRING, offsetof(struct args_change_directory, path)},
};
static const struct field fields_close_descriptors[] = {
	{FIELD_NUMBER, offsetof(struct args_close_descriptors, from)},
};
static const struct field fields_load_seccomp[] = {
	{FIELD_NUMBERS, offsetof(struct args_load_seccomp, program)},
	{FIELD_NUMBER, offsetof(struct args_load_seccomp, flags)},
};
static const struct field fields_connect_listener[] = {
	{FIELD_STRING, offsetof(struct args_connect_listener, path)},
	{FIELD_STRINGS, offsetof(struct args_connect_listener, state)},
};
static const struct field fields_create_ruleset[] = {
	{FIELD_NUMBER, offsetof(struct args_create_ruleset, files)},
	{FIELD_NUMBER, offsetof(struct args_create_ruleset, scoped)},
	{FIELD_OUT, offsetof(struct args_create_ruleset, to)},
};
static const struct field fields_allow_beneath[] = {
	{FIELD_SLOT, offsetof(struct args_allow_beneath, ruleset)},
	{FIELD_STRING, offsetof(struct args_allow_beneath, path)},
	{FIELD_NUMBER, offsetof(struct args_allow_beneath, files)},
};
static const struct field fields_restrict_self[] = {
	{FIELD_SLOT, offsetof(struct args_restrict_self, ruleset)},
};
static const struct field fields_set_rlimit[] = {
	{FIELD_NUMBER, offsetof(struct args_set_rlimit, resource)},
	{FIELD_NUMBER, offsetof(struct args_set_rlimit, soft)},
	{FIELD_NUMBER, offsetof(struct args_set_rlimit, hard)},
};
static const struct field fields_set_scheduler[] = {
	{FIELD_NUMBER, offsetof(struct args_set_scheduler, policy)},
	{FIELD_NUMBER, offsetof(struct args_set_scheduler, flags)},
	{FIELD_NUMBER, offsetof(struct args_set_scheduler, nice)},
	{FIELD_NUMBER, offsetof(struct args_set_scheduler, priority)},
	{FIELD_NUMBER, offsetof(struct args_set_scheduler, runtime)},
	{FIELD_NUMBER, offsetof(struct args_set_scheduler, deadline)},
	{FIELD_NUMBER, offsetof(struct args_set_scheduler, period)},
};
static const struct field fields_set_io_priority[] = {
	{FIELD_NUMBER, offsetof(struct args_set_io_priority, priority)},
};
static const struct field fields_set_personality[] = {
	{FIELD_NUMBER, offsetof(struct args_set_personality, persona)},
};
static const struct field fields_set_memory_policy[] = {
	{FIELD_NUMBER, offsetof(struct args_set_memory_policy, mode)},
	{FIELD_NUMBERS, offsetof(struct args_set_memory_policy, nodes)},
};
static const struct field fields_start_scope[] = {
	{FIELD_STRINGS, offsetof(struct args_start_scope, argv)},
	{FIELD_STRING, offsetof(struct args_start_scope, cgroup)},
};
static const struct field fields_make_cgroup[] = {
	{FIELD_STRING, offsetof(struct args_make_cgroup, hierarchy)},
	{FIELD_STRING, offsetof(struct args_make_cgroup, path)},
	{FIELD_STRING, offsetof(struct args_make_cgroup, controllers)},
	{FIELD_OUT, offsetof(struct args_make_cgroup, to)},
};
static const struct field fields_write_cgroup[] = {
	{FIELD_SLOT, offsetof(struct args_write_cgroup, cgroup)},
	{FIELD_STRING, offsetof(struct args_write_cgroup, file)},
	{FIELD_STRING, offsetof(struct args_write_cgroup, data)},
};
static const struct field fields_load_device_filter[] = {
	{FIELD_SLOT, offsetof(struct args_load_device_filter, cgroup)},
	{FIELD_NUMBERS, offsetof(struct args_load_device_filter, program)},
};
static const struct field fields_open_members[] = {
	{FIELD_SLOT_OR_NONE, offsetof(struct args_open_members, cgroup)},
	{FIELD_STRING, offsetof(struct args_open_members, file)},
	{FIELD_OUT, offsetof(struct args_open_members, to)},
};
static const struct field fields_enter_cgroup[] = {
	{FIELD_SLOT, offsetof(struct args_enter_cgroup, members)},
};
static const struct field fields_report_out_of_memory[] = {
	{FIELD_STRING, offsetof(struct args_report_out_of_memory, path)},
};
static const struct field fields_remove_cgroup[] = {
	{FIELD_STRING, offsetof(struct args_remove_cgroup, path)},
};
static const struct field fields_make_gate[] = {
	{FIELD_STRING, offsetof(struct args_make_gate, directory)},
	{FIELD_OUT, offsetof(struct args_make_gate, socket)},
	{FIELD_OUT, offsetof(struct args_make_gate, held)},
};
static const struct field fields_await_gate[] = {
	{FIELD_SLOT, offsetof(struct args_await_gate, socket)},
	{FIELD_SLOT, offsetof(struct args_await_gate, held)},
	{FIELD_NUMBER, offsetof(struct args_await_gate, from)},
};
static const struct field fields_record_container[] = {
	{FIELD_STRING, offsetof(struct args_record_container, path)},
};
static const struct field fields_write_pid_file[] = {
	{FIELD_STRING, offsetof(struct args_write_pid_file, path)},
};
static const struct field fields_send_terminal[] = {
	{FIELD_STRING, offsetof(struct args_send_terminal, socket)},
	{FIELD_NUMBER, offsetof(struct args_send_terminal, rows)},
	{FIELD_NUMBER, offsetof(struct args_send_terminal, columns)},
};
static const struct field fields_release_container[] = {
	{FIELD_NUMBER, offsetof(struct args_release_container, executed)},
};
static const struct field fields_lock_container[] = {
	{FIELD_STRING, offsetof(struct args_lock_container, path)},
};
static const struct field fields_give_streams[] = {
	{FIELD_NUMBER, offsetof(struct args_give_streams, uid)},
};
static const struct field fields_find_command[] = {
	{FIELD_STRINGS, offsetof(struct args_find_command, argv)},
	{FIELD_STRING, offsetof(struct args_find_command, search)},
};
static const struct field fields_open_process[] = {
	{FIELD_NUMBER, offsetof(struct args_open_process, pid)},
	{FIELD_NUMBER, offsetof(struct args_open_process, start_time)},
	{FIELD_OUT, offsetof(struct args_open_process, to)},
};
static const struct field fields_enter_process[] = {
	{FIELD_SLOT, offsetof(struct args_enter_process, process)},
	{FIELD_NUMBER, offsetof(struct args_enter_process, namespaces)},
};
static const struct field fields_open_directory[] = {
	{FIELD_STRING, offsetof(struct args_open_directory, path)},
	{FIELD_OUT, offsetof(struct args_open_directory, to)},
};
static const struct field fields_set_affinity[] = {
	{FIELD_NUMBERS, offsetof(struct args_set_affinity, cpus)},
};
static const struct field fields_adopt_restored[] = {
	{FIELD_STRING, offsetof(struct args_adopt_restored, pid_file)},
	{FIELD_STRING, offsetof(struct args_adopt_restored, log)},
};
static const struct field fields_run_hook[] = {
	{FIELD_STRING, offsetof(struct args_run_hook, kind)},
	{FIELD_STRING, offsetof(struct args_run_hook, path)},
	{FIELD_STRINGS, offsetof(struct args_run_hook, argv)},
	{FIELD_NUMBER, offsetof(struct args_run_hook, inherit)},
	{FIELD_STRINGS, offsetof(struct args_run_hook, env)},
	{FIELD_STRING, offsetof(struct args_run_hook, directory)},
	{FIELD_NUMBER, offsetof(struct args_run_hook, timeout_ms)},
	{FIELD_STRINGS, offsetof(struct args_run_hook, state)},
};
static const struct field fields_move_link[] = {
	{FIELD_STRING, offsetof(struct args_move_link, name)},
	{FIELD_STRING, offsetof(struct args_move_link, new_name)},
};
static const struct field fields_write_tree[] = {
	{FIELD_STRING, offsetof(struct args_write_tree, target)},
	{FIELD_SLOT_OR_NONE, offsetof(struct args_write_tree, lower)},
};
static const struct field fields_mount_layers[] = {
	{FIELD_SLOT, offsetof(struct args_mount_layers, directory)},
	{FIELD_STRINGS, offsetof(struct args_mount_layers, lowers)},
	{FIELD_STRINGS, offsetof(struct args_mount_layers, options)},
	{FIELD_NUMBER, offsetof(struct args_mount_layers, flags)},
	{FIELD_OUT, offsetof(struct args_mount_layers, to)},
};
static const struct field fields_inherit_directory[] = {
	{FIELD_SLOT, offsetof(struct args_inherit_directory, from)},
	{FIELD_STRING, offsetof(struct args_inherit_directory, path)},
	{FIELD_SLOT, offsetof(struct args_inherit_directory, to)},
	{FIELD_STRING, offsetof(struct args_inherit_directory, place)},
};
static const struct field fields_measure_tree[] = {
	{FIELD_STRING, offsetof(struct args_measure_tree, path)},
};
static int run_clone_keeper(struct context *context, const void *args)
{
	return op_clone_keeper(context, args);
}
static int run_write_process(struct context *context, const void *args)
{
	return op_write_process(context, args);
}
static int run_run_mapper(struct context *context, const void *args)
{
	return op_run_mapper(context, args);
}
static int run_raise_rlimit(struct context *context, const void *args)
{
	return op_raise_rlimit(context, args);
}
static int run_release_keeper(struct context *context, const void *args)
{
	return op_release_keeper(context, args);
}
static int run_await_release(struct context *context, const void *args)
{
	return op_await_release(context, args);
}
static int run_become_root(struct context *context, const void *args)
{
	return op_become_root(context, args);
}
static int run_die_with_supervisor(struct context *context, const void *args)
{
	return op_die_with_supervisor(context, args);
}
static int run_die_with_parent(struct context *context, const void *args)
{
	return op_die_with_parent(context, args);
}
static int run_clone_container(struct context *context, const void *args)
{
	return op_clone_container(context, args);
}
static int run_unshare(struct context *context, const void *args)
{
	return op_unshare(context, args);
}
static int run_open_namespace(struct context *context, const void *args)
{
	return op_open_namespace(context, args);
}
static int run_enter_namespace(struct context *context, const void *args)
{
	return op_enter_namespace(context, args);
}
static int run_make_user_namespace(struct context *context, const void *args)
{
	return op_make_user_namespace(context, args);
}
static int run_await_start(struct context *context, const void *args)
{
	return op_await_start(context, args);
}
static int run_start_init(struct context *context, const void *args)
{
	return op_start_init(context, args);
}
static int run_execute(struct context *context, const void *args)
{
	return op_execute(context, args);
}
static int run_supervise(struct context *context, const void *args)
{
	return op_supervise(context, args);
}
static int run_open_tree(struct context *context, const void *args)
{
	return op_open_tree(context, args);
}
static int run_mount_attributes(struct context *context, const void *args)
{
	return op_mount_attributes(context, args);
}
static int run_idmap_mount(struct context *context, const void *args)
{
	return op_idmap_mount(context, args);
}
static int run_set_propagation(struct context *context, const void *args)
{
	return op_set_propagation(context, args);
}
static int run_create_mount(struct context *context, const void *args)
{
	return op_create_mount(context, args);
}
static int run_attach_mount(struct context *context, const void *args)
{
	return op_attach_mount(context, args);
}
static int run_mask_path(struct context *context, const void *args)
{
	return op_mask_path(context, args);
}
static int run_read_only_path(struct context *context, const void *args)
{
	return op_read_only_path(context, args);
}
static int run_pivot_root(struct context *context, const void *args)
{
	return op_pivot_root(context, args);
}
static int run_change_root(struct context *context, const void *args)
{
	return op_change_root(context, args);
}
static int run_make_directory(struct context *context, const void *args)
{
	return op_make_directory(context, args);
}
static int run_make_symlink(struct context *context, const void *args)
{
	return op_make_symlink(context, args);
}
static int run_write_file(struct context *context, const void *args)
{
	return op_write_file(context, args);
}
static int run_open_path(struct context *context, const void *args)
{
	return op_open_path(context, args);
}
static int run_set_xattr(struct context *context, const void *args)
{
	return op_set_xattr(context, args);
}
static int run_copy_tree(struct context *context, const void *args)
{
	return op_copy_tree(context, args);
}
static int run_copy_mode(struct context *context, const void *args)
{
	return op_copy_mode(context, args);
}
static int run_change_owners(struct context *context, const void *args)
{
	return op_change_owners(context, args);
}
static int run_open_device(struct context *context, const void *args)
{
	return op_open_device(context, args);
}
static int run_make_device(struct context *context, const void *args)
{
	return op_make_device(context, args);
}
static int run_write_control(struct context *context, const void *args)
{
	return op_write_control(context, args);
}
static int run_write_own(struct context *context, const void *args)
{
	return op_write_own(context, args);
}
static int run_remove_tree(struct context *context, const void *args)
{
	return op_remove_tree(context, args);
}
static int run_remove_file(struct context *context, const void *args)
{
	return op_remove_file(context, args);
}
static int run_link_up(struct context *context, const void *args)
{
	return op_link_up(context, args);
}
static int run_set_hostname(struct context *context, const void *args)
{
	return op_set_hostname(context, args);
}
static int run_set_domainname(struct context *context, const void *args)
{
	return op_set_domainname(context, args);
}
static int run_use_ids(struct context *context, const void *args)
{
	return op_use_ids(context, args);
}
static int run_resolve_user(struct context *context, const void *args)
{
	return op_resolve_user(context, args);
}
static int run_add_groups(struct context *context, const void *args)
{
	return op_add_groups(context, args);
}
static int run_find_account(struct context *context, const void *args)
{
	return op_find_account(context, args);
}
static int run_copy_accounts(struct context *context, const void *args)
{
	return op_copy_accounts(context, args);
}
static int run_make_home(struct context *context, const void *args)
{
	return op_make_home(context, args);
}
static int run_open_terminal(struct context *context, const void *args)
{
	return op_open_terminal(context, args);
}
static int run_open_pipes(struct context *context, const void *args)
{
	return op_open_pipes(context, args);
}
static int run_join_keyring(struct context *context, const void *args)
{
	return op_join_keyring(context, args);
}
static int run_drop_bounding(struct context *context, const void *args)
{
	return op_drop_bounding(context, args);
}
static int run_set_user(struct context *context, const void *args)
{
	return op_set_user(context, args);
}
static int run_set_capabilities(struct context *context, const void *args)
{
	return op_set_capabilities(context, args);
}
static int run_no_new_privileges(struct context *context, const void *args)
{
	return op_no_new_privileges(context, args);
}
static int run_set_umask(struct context *context, const void *args)
{
	return op_set_umask(context, args);
}
static int run_change_directory(struct context *context, const void *args)
{
	return op_change_directory(context, args);
}
static int run_close_descriptors(struct context *context, const void *args)
{
	return op_close_descriptors(context, args);
}
static int run_load_seccomp(struct context *context, const void *args)
{
	return op_load_seccomp(context, args);
}
static int run_connect_listener(struct context *context, const void *args)
{
	return op_connect_listener(context, args);
}
static int run_create_ruleset(struct context *context, const void *args)
{
	return op_create_ruleset(context, args);
}
static int run_allow_beneath(struct context *context, const void *args)
{
	return op_allow_beneath(context, args);
}
static int run_restrict_self(struct context *context, const void *args)
{
	return op_restrict_self(context, args);
}
static int run_set_rlimit(struct context *context, const void *args)
{
	return op_set_rlimit(context, args);
}
static int run_set_scheduler(struct context *context, const void *args)
{
	return op_set_scheduler(context, args);
}
static int run_set_io_priority(struct context *context, const void *args)
{
	return op_set_io_priority(context, args);
}
static int run_set_personality(struct context *context, const void *args)
{
	return op_set_personality(context, args);
}
static int run_set_memory_policy(struct context *context, const void *args)
{
	return op_set_memory_policy(context, args);
}
static int run_start_scope(struct context *context, const void *args)
{
	return op_start_scope(context, args);
}
static int run_make_cgroup(struct context *context, const void *args)
{
	return op_make_cgroup(context, args);
}
static int run_write_cgroup(struct context *context, const void *args)
{
	return op_write_cgroup(context, args);
}
static int run_load_device_filter(struct context *context, const void *args)
{
	return op_load_device_filter(context, args);
}
static int run_open_members(struct context *context, const void *args)
{
	return op_open_members(context, args);
}
static int run_enter_cgroup(struct context *context, const void *args)
{
	return op_enter_cgroup(context, args);
}
static int run_report_out_of_memory(struct context *context, const void *args)
{
	return op_report_out_of_memory(context, args);
}
static int run_remove_cgroup(struct context *context, const void *args)
{
	return op_remove_cgroup(context, args);
}
static int run_make_gate(struct context *context, const void *args)
{
	return op_make_gate(context, args);
}
static int run_await_gate(struct context *context, const void *args)
{
	return op_await_gate(context, args);
}
static int run_leave_container(struct context *context, const void *args)
{
	return op_leave_container(context, args);
}
static int run_inherit_streams(struct context *context, const void *args)
{
	return op_inherit_streams(context, args);
}
static int run_await_container(struct context *context, const void *args)
{
	return op_await_container(context, args);
}
static int run_record_container(struct context *context, const void *args)
{
	return op_record_container(context, args);
}
static int run_write_pid_file(struct context *context, const void *args)
{
	return op_write_pid_file(context, args);
}
static int run_send_terminal(struct context *context, const void *args)
{
	return op_send_terminal(context, args);
}
static int run_release_container(struct context *context, const void *args)
{
	return op_release_container(context, args);
}
static int run_detach(struct context *context, const void *args)
{
	return op_detach(context, args);
}
static int run_lock_container(struct context *context, const void *args)
{
	return op_lock_container(context, args);
}
static int run_give_streams(struct context *context, const void *args)
{
	return op_give_streams(context, args);
}
static int run_find_command(struct context *context, const void *args)
{
	return op_find_command(context, args);
}
static int run_open_process(struct context *context, const void *args)
{
	return op_open_process(context, args);
}
static int run_enter_process(struct context *context, const void *args)
{
	return op_enter_process(context, args);
}
static int run_open_directory(struct context *context, const void *args)
{
	return op_open_directory(context, args);
}
static int run_set_affinity(struct context *context, const void *args)
{
	return op_set_affinity(context, args);
}
static int run_adopt_restored(struct context *context, const void *args)
{
	return op_adopt_restored(context, args);
}
static int run_await_hooks(struct context *context, const void *args)
{
	return op_await_hooks(context, args);
}
static int run_run_hook(struct context *context, const void *args)
{
	return op_run_hook(context, args);
}
static int run_move_link(struct context *context, const void *args)
{
	return op_move_link(context, args);
}
static int run_write_tree(struct context *context, const void *args)
{
	return op_write_tree(context, args);
}
static int run_mount_layers(struct context *context, const void *args)
{
	return op_mount_layers(context, args);
}
static int run_inherit_directory(struct context *context, const void *args)
{
	return op_inherit_directory(context, args);
}
static int run_measure_tree(struct context *context, const void *args)
{
	return op_measure_tree(context, args);
}

static const struct operation operation_table[] = {
	[3] = {run_clone_keeper, sizeof(struct args_clone_keeper),
		fields_clone_keeper, 1, 1u << STAGE_CLONE,
		0x97c30de3u},
	[4] = {run_write_process, sizeof(struct args_write_process),
		fields_write_process, 2, 1u << STAGE_ATTACH,
		0x7d834d77u},
	[5] = {run_run_mapper, sizeof(struct args_run_mapper),
		fields_run_mapper, 1, 1u << STAGE_ATTACH,
		0xa0d81f0cu},
	[64] = {run_raise_rlimit, sizeof(struct args_raise_rlimit),
		fields_raise_rlimit, 2, 1u << STAGE_ATTACH,
		0x6abdf250u},
	[8] = {run_release_keeper, sizeof(struct args_release_keeper),
		NULL, 0, 1u << STAGE_ATTACH,
		0xd358ebc0u},
	[9] = {run_await_release, sizeof(struct args_await_release),
		NULL, 0, 1u << STAGE_KEEP | 1u << STAGE_BUILD,
		0xd05d3fa5u},
	[10] = {run_become_root, sizeof(struct args_become_root),
		fields_become_root, 3, 1u << STAGE_KEEP | 1u << STAGE_BUILD,
		0xcf8224bu},
	[11] = {run_die_with_supervisor, sizeof(struct args_die_with_supervisor),
		NULL, 0, 1u << STAGE_KEEP,
		0x5a826f05u},
	[69] = {run_die_with_parent, sizeof(struct args_die_with_parent),
		NULL, 0, 1u << STAGE_EXEC,
		0x23b1666u},
	[12] = {run_clone_container, sizeof(struct args_clone_container),
		fields_clone_container, 2, 1u << STAGE_KEEP,
		0x433b0d8du},
	[13] = {run_unshare, sizeof(struct args_unshare),
		fields_unshare, 1, 1u << STAGE_KEEP | 1u << STAGE_BUILD,
		0x2c270801u},
	[67] = {run_open_namespace, sizeof(struct args_open_namespace),
		fields_open_namespace, 3, 1u << STAGE_PREPARE,
		0xd8feb163u},
	[68] = {run_enter_namespace, sizeof(struct args_enter_namespace),
		fields_enter_namespace, 2, 1u << STAGE_CLONE | 1u << STAGE_KEEP,
		0x90cd6fbfu},
	[75] = {run_make_user_namespace, sizeof(struct args_make_user_namespace),
		fields_make_user_namespace, 3, 1u << STAGE_ATTACH,
		0xa33f9524u},
	[41] = {run_await_start, sizeof(struct args_await_start),
		NULL, 0, 1u << STAGE_GATE,
		0xa2d50268u},
	[42] = {run_start_init, sizeof(struct args_start_init),
		NULL, 0, 1u << STAGE_EXEC,
		0x80b0a6bfu},
	[43] = {run_execute, sizeof(struct args_execute),
		fields_execute, 3, 1u << STAGE_EXEC,
		0x5cc38765u},
	[44] = {run_supervise, sizeof(struct args_supervise),
		NULL, 0, 1u << STAGE_ENDING,
		0xec577a89u},
	[1] = {run_open_tree, sizeof(struct args_open_tree),
		fields_open_tree, 5, 1u << STAGE_PREPARE | 1u << STAGE_BUILD,
		0xe00aa8a9u},
	[2] = {run_mount_attributes, sizeof(struct args_mount_attributes),
		fields_mount_attributes, 5, 1u << STAGE_PREPARE | 1u << STAGE_BUILD | 1u << STAGE_ENTER,
		0xa87e2d28u},
	[7] = {run_idmap_mount, sizeof(struct args_idmap_mount),
		fields_idmap_mount, 3, 1u << STAGE_ATTACH,
		0xd5a968a1u},
	[14] = {run_set_propagation, sizeof(struct args_set_propagation),
		fields_set_propagation, 1, 1u << STAGE_KEEP | 1u << STAGE_BUILD,
		0x885bb1e8u},
	[15] = {run_create_mount, sizeof(struct args_create_mount),
		fields_create_mount, 6, 1u << STAGE_PREPARE | 1u << STAGE_KEEP | 1u << STAGE_BUILD,
		0x9329527eu},
	[16] = {run_attach_mount, sizeof(struct args_attach_mount),
		fields_attach_mount, 6, 1u << STAGE_KEEP | 1u << STAGE_BUILD,
		0xb38436e1u},
	[22] = {run_mask_path, sizeof(struct args_mask_path),
		fields_mask_path, 3, 1u << STAGE_BUILD,
		0xcf7f66e3u},
	[23] = {run_read_only_path, sizeof(struct args_read_only_path),
		fields_read_only_path, 2, 1u << STAGE_BUILD,
		0xc0acb587u},
	[25] = {run_pivot_root, sizeof(struct args_pivot_root),
		fields_pivot_root, 1, 1u << STAGE_ENTER,
		0x6ed4c09cu},
	[115] = {run_change_root, sizeof(struct args_change_root),
		fields_change_root, 1, 1u << STAGE_ENTER,
		0x6227a2aeu},
	[17] = {run_make_directory, sizeof(struct args_make_directory),
		fields_make_directory, 3, 1u << STAGE_KEEP | 1u << STAGE_BUILD,
		0x31e2d951u},
	[18] = {run_make_symlink, sizeof(struct args_make_symlink),
		fields_make_symlink, 3, 1u << STAGE_BUILD,
		0xd58762dbu},
	[19] = {run_write_file, sizeof(struct args_write_file),
		fields_write_file, 5, 1u << STAGE_BUILD,
		0x1769b734u},
	[20] = {run_open_path, sizeof(struct args_open_path),
		fields_open_path, 3, 1u << STAGE_KEEP | 1u << STAGE_BUILD,
		0x4c03cdb8u},
	[21] = {run_set_xattr, sizeof(struct args_set_xattr),
		fields_set_xattr, 3, 1u << STAGE_BUILD,
		0x3bb8405au},
	[73] = {run_copy_tree, sizeof(struct args_copy_tree),
		fields_copy_tree, 3, 1u << STAGE_BUILD,
		0x1b5bb7abu},
	[119] = {run_copy_mode, sizeof(struct args_copy_mode),
		fields_copy_mode, 3, 1u << STAGE_BUILD,
		0x92a7618bu},
	[76] = {run_change_owners, sizeof(struct args_change_owners),
		fields_change_owners, 3, 1u << STAGE_PREPARE | 1u << STAGE_BUILD,
		0xa86e44a6u},
	[70] = {run_open_device, sizeof(struct args_open_device),
		fields_open_device, 4, 1u << STAGE_PREPARE | 1u << STAGE_BUILD,
		0xb301a0e1u},
	[71] = {run_make_device, sizeof(struct args_make_device),
		fields_make_device, 6, 1u << STAGE_PREPARE | 1u << STAGE_BUILD,
		0xe09f72b1u},
	[65] = {run_write_control, sizeof(struct args_write_control),
		fields_write_control, 3, 1u << STAGE_ENTER | 1u << STAGE_EXEC,
		0x7c05b3fcu},
	[66] = {run_write_own, sizeof(struct args_write_own),
		fields_write_own, 2, 1u << STAGE_KEEP,
		0x82b7f13cu},
	[45] = {run_remove_tree, sizeof(struct args_remove_tree),
		fields_remove_tree, 2, 1u << STAGE_VACATE | 1u << STAGE_ENDING,
		0x538bf3b1u},
	[46] = {run_remove_file, sizeof(struct args_remove_file),
		fields_remove_file, 1, 1u << STAGE_ENDING,
		0xba360353u},
	[24] = {run_link_up, sizeof(struct args_link_up),
		fields_link_up, 1, 1u << STAGE_BUILD,
		0xadbfec58u},
	[26] = {run_set_hostname, sizeof(struct args_set_hostname),
		fields_set_hostname, 1, 1u << STAGE_ENTER,
		0xd35a41c8u},
	[27] = {run_set_domainname, sizeof(struct args_set_domainname),
		fields_set_domainname, 1, 1u << STAGE_ENTER,
		0x79432039u},
	[28] = {run_use_ids, sizeof(struct args_use_ids),
		fields_use_ids, 3, 1u << STAGE_ENTER,
		0xcc06c8dfu},
	[29] = {run_resolve_user, sizeof(struct args_resolve_user),
		fields_resolve_user, 2, 1u << STAGE_ENTER,
		0x2aa15149u},
	[72] = {run_add_groups, sizeof(struct args_add_groups),
		fields_add_groups, 1, 1u << STAGE_ENTER,
		0xe5528ad7u},
	[77] = {run_find_account, sizeof(struct args_find_account),
		fields_find_account, 3, 1u << STAGE_BUILD,
		0xab62dc20u},
	[78] = {run_copy_accounts, sizeof(struct args_copy_accounts),
		fields_copy_accounts, 5, 1u << STAGE_BUILD,
		0xd736e911u},
	[30] = {run_make_home, sizeof(struct args_make_home),
		NULL, 0, 1u << STAGE_ENTER,
		0x944892cdu},
	[31] = {run_open_terminal, sizeof(struct args_open_terminal),
		fields_open_terminal, 1, 1u << STAGE_ENTER,
		0x252cb260u},
	[32] = {run_open_pipes, sizeof(struct args_open_pipes),
		NULL, 0, 1u << STAGE_ENTER,
		0xf5d0c60fu},
	[33] = {run_join_keyring, sizeof(struct args_join_keyring),
		fields_join_keyring, 1, 1u << STAGE_CONFINE,
		0xc5e10032u},
	[34] = {run_drop_bounding, sizeof(struct args_drop_bounding),
		fields_drop_bounding, 1, 1u << STAGE_KEEP | 1u << STAGE_CONFINE,
		0xf2fa0341u},
	[35] = {run_set_user, sizeof(struct args_set_user),
		fields_set_user, 1, 1u << STAGE_CONFINE,
		0x569da850u},
	[36] = {run_set_capabilities, sizeof(struct args_set_capabilities),
		fields_set_capabilities, 4, 1u << STAGE_KEEP | 1u << STAGE_CONFINE,
		0x13314bf4u},
	[37] = {run_no_new_privileges, sizeof(struct args_no_new_privileges),
		NULL, 0, 1u << STAGE_KEEP | 1u << STAGE_CONFINE,
		0x20613a4cu},
	[38] = {run_set_umask, sizeof(struct args_set_umask),
		fields_set_umask, 1, 1u << STAGE_CONFINE,
		0x52e9bc3du},
	[39] = {run_change_directory, sizeof(struct args_change_directory),
		fields_change_directory, 1, 1u << STAGE_CONFINE,
		0x942f7ebau},
	[40] = {run_close_descriptors, sizeof(struct args_close_descriptors),
		fields_close_descriptors, 1, 1u << STAGE_CONFINE,
		0x23f6a2c1u},
	[47] = {run_load_seccomp, sizeof(struct args_load_seccomp),
		fields_load_seccomp, 2, 1u << STAGE_CONFINE | 1u << STAGE_EXEC,
		0xa67204abu},
	[80] = {run_connect_listener, sizeof(struct args_connect_listener),
		fields_connect_listener, 2, 1u << STAGE_ATTACH,
		0x80b410f0u},
	[81] = {run_create_ruleset, sizeof(struct args_create_ruleset),
		fields_create_ruleset, 3, 1u << STAGE_CONFINE,
		0x1f802c8cu},
	[82] = {run_allow_beneath, sizeof(struct args_allow_beneath),
		fields_allow_beneath, 3, 1u << STAGE_CONFINE,
		0xc43443abu},
	[83] = {run_restrict_self, sizeof(struct args_restrict_self),
		fields_restrict_self, 1, 1u << STAGE_CONFINE,
		0xf837b76cu},
	[6] = {run_set_rlimit, sizeof(struct args_set_rlimit),
		fields_set_rlimit, 3, 1u << STAGE_CONFINE | 1u << STAGE_EXEC,
		0xfb80a44du},
	[60] = {run_set_scheduler, sizeof(struct args_set_scheduler),
		fields_set_scheduler, 7, 1u << STAGE_CONFINE,
		0x8fe8ff8bu},
	[61] = {run_set_io_priority, sizeof(struct args_set_io_priority),
		fields_set_io_priority, 1, 1u << STAGE_CONFINE,
		0xc651ca12u},
	[62] = {run_set_personality, sizeof(struct args_set_personality),
		fields_set_personality, 1, 1u << STAGE_CONFINE,
		0xda898a11u},
	[63] = {run_set_memory_policy, sizeof(struct args_set_memory_policy),
		fields_set_memory_policy, 2, 1u << STAGE_CONFINE,
		0x1c14dd10u},
	[48] = {run_start_scope, sizeof(struct args_start_scope),
		fields_start_scope, 2, 1u << STAGE_PREPARE | 1u << STAGE_ATTACH,
		0x63015040u},
	[49] = {run_make_cgroup, sizeof(struct args_make_cgroup),
		fields_make_cgroup, 4, 1u << STAGE_PREPARE | 1u << STAGE_ATTACH,
		0x925b2123u},
	[50] = {run_write_cgroup, sizeof(struct args_write_cgroup),
		fields_write_cgroup, 3, 1u << STAGE_PREPARE | 1u << STAGE_ATTACH,
		0x2ddd849du},
	[51] = {run_load_device_filter, sizeof(struct args_load_device_filter),
		fields_load_device_filter, 2, 1u << STAGE_PREPARE | 1u << STAGE_ATTACH,
		0xadd56814u},
	[52] = {run_open_members, sizeof(struct args_open_members),
		fields_open_members, 3, 1u << STAGE_PREPARE,
		0xd4af0fd2u},
	[53] = {run_enter_cgroup, sizeof(struct args_enter_cgroup),
		fields_enter_cgroup, 1, 1u << STAGE_PREPARE | 1u << STAGE_BUILD,
		0x51ce65d8u},
	[54] = {run_report_out_of_memory, sizeof(struct args_report_out_of_memory),
		fields_report_out_of_memory, 1, 1u << STAGE_ENDING,
		0xa1938f28u},
	[55] = {run_remove_cgroup, sizeof(struct args_remove_cgroup),
		fields_remove_cgroup, 1, 1u << STAGE_ENDING,
		0xdb9a1ebdu},
	[90] = {run_make_gate, sizeof(struct args_make_gate),
		fields_make_gate, 3, 1u << STAGE_PREPARE,
		0x8ab5dc33u},
	[91] = {run_await_gate, sizeof(struct args_await_gate),
		fields_await_gate, 3, 1u << STAGE_GATE,
		0x5b532a6eu},
	[92] = {run_leave_container, sizeof(struct args_leave_container),
		NULL, 0, 1u << STAGE_KEEP,
		0x1f9f7618u},
	[93] = {run_inherit_streams, sizeof(struct args_inherit_streams),
		NULL, 0, 1u << STAGE_ENTER,
		0x1ab3465u},
	[94] = {run_await_container, sizeof(struct args_await_container),
		NULL, 0, 1u << STAGE_ENDING,
		0x297e145bu},
	[95] = {run_record_container, sizeof(struct args_record_container),
		fields_record_container, 1, 1u << STAGE_ENDING,
		0xb56f9e67u},
	[96] = {run_write_pid_file, sizeof(struct args_write_pid_file),
		fields_write_pid_file, 1, 1u << STAGE_ENDING,
		0x67662b70u},
	[97] = {run_send_terminal, sizeof(struct args_send_terminal),
		fields_send_terminal, 3, 1u << STAGE_ENDING,
		0xd9d747bu},
	[98] = {run_release_container, sizeof(struct args_release_container),
		fields_release_container, 1, 1u << STAGE_ENDING,
		0x5f45764du},
	[99] = {run_detach, sizeof(struct args_detach),
		NULL, 0, 1u << STAGE_ENDING,
		0x38ed7946u},
	[121] = {run_lock_container, sizeof(struct args_lock_container),
		fields_lock_container, 1, 1u << STAGE_PREPARE,
		0x67dfc313u},
	[122] = {run_give_streams, sizeof(struct args_give_streams),
		fields_give_streams, 1, 1u << STAGE_PREPARE,
		0x1abd3dceu},
	[120] = {run_find_command, sizeof(struct args_find_command),
		fields_find_command, 2, 1u << STAGE_CONFINE,
		0xa1ad8737u},
	[105] = {run_open_process, sizeof(struct args_open_process),
		fields_open_process, 3, 1u << STAGE_PREPARE,
		0x2f2bf3aeu},
	[106] = {run_enter_process, sizeof(struct args_enter_process),
		fields_enter_process, 2, 1u << STAGE_KEEP | 1u << STAGE_BUILD,
		0xf3f67c2du},
	[107] = {run_open_directory, sizeof(struct args_open_directory),
		fields_open_directory, 2, 1u << STAGE_PREPARE,
		0x273dce7u},
	[108] = {run_set_affinity, sizeof(struct args_set_affinity),
		fields_set_affinity, 1, 1u << STAGE_KEEP | 1u << STAGE_BUILD,
		0x14685deu},
	[116] = {run_adopt_restored, sizeof(struct args_adopt_restored),
		fields_adopt_restored, 2, 1u << STAGE_ENDING,
		0xc78b0d28u},
	[100] = {run_await_hooks, sizeof(struct args_await_hooks),
		NULL, 0, 1u << STAGE_BUILD,
		0x1637cf52u},
	[101] = {run_run_hook, sizeof(struct args_run_hook),
		fields_run_hook, 8, 1u << STAGE_HOOKS | 1u << STAGE_BUILD | 1u << STAGE_EXEC | 1u << STAGE_STARTED | 1u << STAGE_ENDING,
		0x56a5447eu},
	[102] = {run_move_link, sizeof(struct args_move_link),
		fields_move_link, 2, 1u << STAGE_HOOKS,
		0x3c0a18b3u},
	[130] = {run_write_tree, sizeof(struct args_write_tree),
		fields_write_tree, 2, 1u << STAGE_KEEP,
		0xa70305b6u},
	[131] = {run_mount_layers, sizeof(struct args_mount_layers),
		fields_mount_layers, 5, 1u << STAGE_KEEP | 1u << STAGE_BUILD,
		0x3bd2726fu},
	[133] = {run_inherit_directory, sizeof(struct args_inherit_directory),
		fields_inherit_directory, 4, 1u << STAGE_BUILD,
		0xa0d30561u},
	[132] = {run_measure_tree, sizeof(struct args_measure_tree),
		fields_measure_tree, 1, 1u << STAGE_KEEP,
		0x668ba1bdu},
};
#endif
