/* What a process does with a signal. */
#ifndef DISPOSITION_H
#define DISPOSITION_H
#include <sys/types.h>

enum disposition { DEFAULT, IGNORED, TAKEN };

/* TAKEN as well when the process is gone. */
enum disposition disposition_of(pid_t pid, int number);
#endif
