#ifndef GATE_H
#define GATE_H
#include <sys/un.h>
struct sockaddr_un gate_address(int directory);
#endif
