/* What a container runs that does nothing: static, and alone in its root file system. */
#include <unistd.h>

int main(void)
{
	pause();
	return 0;
}
