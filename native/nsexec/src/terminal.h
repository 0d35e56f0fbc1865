/* The caller's terminal, while the container has one of its own. */
#ifndef TERMINAL_H
#define TERMINAL_H
#include <stdbool.h>

bool terminal_is_ours(void);
void terminal_make_raw(void);
void terminal_restore(void);
void terminal_copy_size(int master);
#endif
