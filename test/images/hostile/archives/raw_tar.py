"""Tar archives byte by byte: what no library would write."""

BLOCK = 512
EPOCH = 1_600_000_000


def octal(value, width):
    if value < 8 ** (width - 1):
        return b"%0*o\0" % (width - 1, value)
    # GNU's base 256.
    return (value | 1 << (8 * width - 1)).to_bytes(width, "big")


def header(name=b"", kind=b"0", *, size=0, mode=0o644, link=b"", uid=0, gid=0, device=(0, 0), prefix=b""):
    fields = [
        *[name[:100].ljust(100, b"\0"), octal(mode, 8), octal(uid, 8), octal(gid, 8), octal(size, 12)],
        *[octal(EPOCH, 12), b" " * 8, kind, link[:100].ljust(100, b"\0"), b"ustar\x0000"],
        *[bytes(32), bytes(32), octal(device[0], 8), octal(device[1], 8), prefix.ljust(155, b"\0"), bytes(12)],
    ]
    block = b"".join(fields)
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def padded(data):
    return data + bytes(-len(data) % BLOCK)


def pax(records, kind=b"x"):
    body = b""
    for key, value in records.items():
        rest = b" " + key + b"=" + value + b"\n"
        length = len(rest)
        while len(b"%d" % length) + len(rest) != length:
            length = len(b"%d" % length) + len(rest)
        body += b"%d" % length + rest
    return header(b"pax", kind, size=len(body)) + padded(body)


def entry(name, kind=b"0", *, data=b"", link=b"", records=None, **more):
    """One entry; what its header has no room for is said by PAX."""
    said = dict(records or {})
    if len(name) > 100:
        said.setdefault(b"path", name)
    if len(link) > 100:
        said.setdefault(b"linkpath", link)
    before = pax(said) if said else b""
    return before + header(name, kind, size=len(data), link=link, **more) + padded(data)


def file(name, data=b"hostile", **more):
    return entry(name, data=data, **more)


def directory(name, **more):
    return entry(name, b"5", **{"mode": 0o755, **more})


def symlink(name, link, **more):
    return entry(name, b"2", link=link, **more)


def hardlink(name, link, **more):
    return entry(name, b"1", link=link, **more)


def fifo(name, **more):
    return entry(name, b"6", **more)


def device(name, major, minor, **more):
    return entry(name, b"3", device=(major, minor), **more)


END = bytes(2 * BLOCK)
