"""Runs a program in a terminal: argv[1] is JSON {argv, rows, columns, type: [{after, text}]}.

What it shows goes to stdout; each text is typed once what it waits for has been shown.
"""

import fcntl
import json
import os
import pty
import struct
import sys
import termios

request = json.loads(sys.argv[1])
pid, master = pty.fork()
if pid == 0:
    size = struct.pack("HHHH", request["rows"], request["columns"], 0, 0)
    fcntl.ioctl(0, termios.TIOCSWINSZ, size)
    os.execvp(request["argv"][0], request["argv"])

shown = b""
waiting = request["type"]
while True:
    try:
        data = os.read(master, 65536)
    except OSError:  # EIO: nobody has the other end any more
        break
    if not data:
        break
    shown += data
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
    while waiting and waiting[0]["after"].encode() in shown:
        shown = shown.split(waiting[0]["after"].encode(), 1)[1]
        os.write(master, waiting.pop(0)["text"].encode())

status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.exit(status if status >= 0 else 128 - status)
