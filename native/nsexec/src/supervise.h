#ifndef SUPERVISE_H
#define SUPERVISE_H
void block_signals(void);
#endif
