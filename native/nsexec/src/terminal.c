/*
 * Raw while the container's own terminal does the editing; put back on every way out that a process
 * can have.
 */
#include <stdbool.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include "terminal.h"

static struct {
	struct termios before;
	bool raw;
} caller;

/* In the background it is somebody else's: whoever reads or sets it from there is stopped. */
bool terminal_is_ours(void)
{
	pid_t front = tcgetpgrp(0);

	return front < 0 || front == getpgrp();
}

void terminal_make_raw(void)
{
	struct termios raw;

	if (!terminal_is_ours() || (!caller.raw && tcgetattr(0, &caller.before) < 0))
		return;
	raw = caller.before;
	cfmakeraw(&raw);
	caller.raw = tcsetattr(0, TCSANOW, &raw) == 0;
}

void terminal_restore(void)
{
	if (caller.raw && terminal_is_ours())
		tcsetattr(0, TCSADRAIN, &caller.before);
	caller.raw = false;
}

void terminal_copy_size(int master)
{
	struct winsize size;

	if (ioctl(0, TIOCGWINSZ, &size) == 0 || ioctl(1, TIOCGWINSZ, &size) == 0)
		ioctl(master, TIOCSWINSZ, &size);
}
