"""Writes images that aim at the engine. Usage: aims.py DIRECTORY CANARY: layouts as make.py writes them."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../fixtures"))

from everything import busybox
from metadata import Image
from raw_tar import END, directory, fifo, file, symlink

LOOK = ["/bin/sh", "-c", "cat /etc/hosts /etc/passwd /etc/resolv.conf /etc/hostname; ls /dev /proc /sys /data; true"]


def replaced(path, entry):
    """A layer in which a directory or file of the system is something else."""
    head, _, tail = path.rpartition(b"/")
    return file((head + b"/" if head else b"") + b".wh." + tail, b"") + END, entry + END


def aims(canary):
    up = b"../" * 30 + canary[1:]
    for path in (b"proc", b"dev", b"sys", b"etc", b"tmp", b"run", b"bin"):
        for title, target in (("an absolute link", canary), ("a relative link", up), ("a link to proc", b"/proc/self/root" + canary)):
            yield f"{path.decode()} is {title}", replaced(path, symlink(path, target)), {}
        yield f"{path.decode()} is a file", replaced(path, file(path)), {}
    for path in (b"etc/hosts", b"etc/hostname", b"etc/resolv.conf", b"etc/passwd", b"etc/group", b"dev/null", b"dev/console"):
        yield f"{path.decode()} is a link", replaced(path, symlink(path, canary + b"/hosts")), {}
        yield f"{path.decode()} is a link up", replaced(path, symlink(path, b"../" * 30 + canary[1:] + b"/hosts")), {}
        yield f"{path.decode()} is a directory", replaced(path, directory(path)), {}
        yield f"{path.decode()} is a fifo", replaced(path, fifo(path)), {"Cmd": ["/bin/true"]}
    yield "dev/null is the kernel's core pattern", replaced(b"dev/null", symlink(b"dev/null", b"/proc/sys/kernel/core_pattern")), {}
    yield "a passwd that lies", (file(b"etc/passwd", b"1000:x:0:0::/:/bin/sh\nroot:x:0:0::/:/bin/sh\n") + END,), {}
    yield "a passwd of megabytes", (file(b"etc/passwd", b"a:x:5:5::/:/bin/sh\n" * 500_000) + END,), {"User": "nobody-there"}
    yield "a passwd with a terminal's words", (file(b"etc/passwd", b"u:x:0:0::/\x1b[31m:/bin/sh\n") + END,), {"User": "u"}
    for entry in ("/proc/self/exe", "/proc/1/exe", "/proc/self/fd/3", "../../../../bin/sh", "", "\n", "/bin"):
        yield f"an entrypoint {entry!r}", (), {"Entrypoint": [entry], "Cmd": ["-c", "true"]}
    yield "a script of the engine itself", (file(b"go", b"#!/proc/self/exe\n", mode=0o755) + END,), {"Cmd": ["/go"]}
    for path in ("../../../..", canary.decode(), "/proc/self/fd/7", "/proc/self/cwd", "relative/../..", "/etc/passwd/x", "\n", "/a" * 3000):
        yield f"a working directory {path[:30]!r}", (), {"WorkingDir": path}
        yield f"a volume at {path[:30]!r}", (), {"Volumes": {path: {}}}
    link = symlink(b"data", canary) + END
    yield "a volume on a link", (link,), {"Volumes": {"/data": {}}}
    yield "a volume below a link", (link,), {"Volumes": {"/data/deeper/still": {}}}
    yield "a working directory on a link", (link,), {"WorkingDir": "/data/made"}
    yield "volumes in places of the engine", (), {"Volumes": {"/proc": {}, "/dev": {}, "/": {}, "/etc/hosts": {}}}
    for user in ("0x0", "1e3", "-1", "4294967295", "4294967296", "root\nx", "a:b:c", ":", "nobody:", "\x1b[31m", "r" * 70000):
        yield f"a user {user[:20]!r}", (), {"User": user}
    for variable in ("NO_VALUE", "=x", "A=\x1b[31m", "A=b\nB=c", "LD_PRELOAD=/evil.so", "PATH=", "A" * 200_000 + "=x"):
        yield f"a variable {variable[:20]!r}", (), {"Env": [variable]}
    for signal in ("SIGNOTHING", "999", "-9", "", "KILL\n"):
        yield f"a stop signal {signal!r}", (), {"StopSignal": signal}
    yield "labels and ports that are none", (), {"Labels": {"\x1b[31m": "\n"}, "ExposedPorts": {"x/y": {}, "99999/tcp": {}}}
    yield "thousands of variables", (), {"Env": [f"N{n}={'v' * 60}" for n in range(50_000)]}


def main(place, canary):
    listed = []
    system = busybox()
    for number, (name, tars, config) in enumerate(aims(canary.encode())):
        image = Image([system, *tars])
        image.config["config"] = {"Cmd": LOOK, "Env": ["PATH=/bin"], **config}
        top = {**image.close(), "annotations": {"org.opencontainers.image.ref.name": "latest"}}
        files = {"blobs/" + key.replace(":", "/"): data for key, data in image.blobs.items()}
        files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [top]}).encode()
        for path, data in files.items():
            target = os.path.join(place, str(number), "layout", path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "wb") as out:
                out.write(data)
        listed.append({"name": name, "number": number})
    with open(os.path.join(place, "cases.json"), "w") as out:
        json.dump(listed, out)


main(*sys.argv[1:])
