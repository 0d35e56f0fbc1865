/* What a process sees and may do where it runs. One subject a file, each tells by say(). */
#ifndef PROBE_H
#define PROBE_H

/* Prints one line, a JSON array of the strings up to NULL. */
void say(const char *first, ...) __attribute__((sentinel));

/* The errno's name, as ENOENT. */
const char *error_name(int number);

void tell_process(void);
void tell_session_keyring(void);
void tell_paths(void);
void tell_devices(void);
void tell_attempts(void);

#endif
