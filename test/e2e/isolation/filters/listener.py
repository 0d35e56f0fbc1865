"""Answers for a seccomp filter that notifies, as OCI's config-linux.md has it.

    listener.py SOCKET ANSWER

Takes one connection, prints the container process state that comes with the descriptor, then a line
for each notified call. ANSWER is an errno that every mkdir gets, or 0: then it says that it did it,
and prints the path that it was asked for. All other calls go on. Ends with the container.
"""
import fcntl
import json
import os
import select
import socket
import struct
import sys

RECEIVE, SEND = 0xC0502100, 0xC0182101
CONTINUE = 1
MKDIR, MKDIRAT = 83, 258

path, answer = sys.argv[1], int(sys.argv[2])
server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
server.bind(path)
os.chmod(path, 0o777)
server.listen(1)
print("listening", flush=True)
connection, _ = server.accept()
data, descriptors, _, _ = socket.recv_fds(connection, 1 << 16, 4)
connection.settimeout(1)
try:
    while more := connection.recv(1 << 16):
        data += more
    closed = True
except TimeoutError:
    closed = False
told = {"descriptors": len(descriptors), "closed": closed, "state": json.loads(data)}
print(json.dumps(told), flush=True)


def text_at(pid, address):
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        memory.seek(address)
        return memory.read(64).split(b"\0")[0].decode()


waiting = select.poll()
waiting.register(descriptors[0], select.POLLIN)
while not any(events & select.POLLHUP for _, events in waiting.poll()):
    notified = bytearray(80)
    try:
        fcntl.ioctl(descriptors[0], RECEIVE, notified)
    except FileNotFoundError:  # who had called is gone
        continue
    identity, pid, _, number, _, _, *arguments = struct.unpack("=QIIiIQ6Q", notified)
    makes = number in (MKDIR, MKDIRAT)
    if makes:
        print("mkdir", text_at(pid, arguments[number == MKDIRAT]), flush=True)
    else:
        print("call", number, flush=True)
    reply = (0, -answer, 0) if makes else (0, 0, CONTINUE)
    try:
        fcntl.ioctl(descriptors[0], SEND, struct.pack("=QqiI", identity, *reply))
    except FileNotFoundError:
        pass
