/*
 * swap DIRECTORY NAME OTHER: exchanges two entries of a directory, as fast as the kernel can, until it is
 * killed. What a hostile container does in a volume that it shares, while another one starts.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int directory = argc == 4 ? open(argv[1], O_PATH | O_DIRECTORY) : -1;

	if (directory < 0 ||
	    renameat2(directory, argv[2], directory, argv[3], RENAME_EXCHANGE) < 0) {
		perror("swap");
		return 1;
	}
	puts("swapping");
	fflush(stdout);
	for (;;)
		renameat2(directory, argv[2], directory, argv[3], RENAME_EXCHANGE);
}
