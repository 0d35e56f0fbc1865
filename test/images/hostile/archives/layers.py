"""Layers that want out, want more than there is, or are broken. Each has a name, what is to be said of it,
or None where it is harmless once it is contained; what it is made of, lowest layer first."""

import gzip
import zlib

from raw_tar import END, device, directory, entry, fifo, file, hardlink, header, padded, pax, symlink

# Said in whatever words, as long as the entry is named; in the test these are regular expressions.
ESCAPE = r"\.\."


def layers_for(canary):
    """Yields (name, what is said, tars); the canary is a directory of the host, as bytes."""
    up = b"../" * 30 + canary[1:]
    yield from names(up)
    yield from links(canary, up)
    yield from whiteouts(canary)
    yield from overlay_words(canary)
    yield from broken()
    yield from sizes()


def one(name, said, *entries):
    return name, said, [b"".join(entries) + END]


def names(up):
    yield one("a parent in a name", ESCAPE, file(up + b"/new"))
    yield one("a parent in the middle of a name", ESCAPE, directory(b"a"), file(b"a/../../" + up + b"/new"))
    yield one("a parent at the end of a name", ESCAPE, directory(b"a"), directory(b"a/.."))
    yield one("a parent alone", ESCAPE, directory(b".."))
    yield one("an absolute name", None, file(b"/absolute/name"))
    yield one("many slashes and dots", None, file(b"././/a//./b/"), file(b"//x"))
    yield one("a NUL in a name", r"nul|NUL|\\0|\\x00", file(b"short", records={b"path": b"a\0b"}))
    yield one("a long component", r"n{20}", file(b"n" * 300))
    yield one("a long path", r"p{20}", file(b"/".join([b"p" * 200] * 50)))
    yield one("a deep path", r"(d/){20}", file(b"d/" * 10000 + b"f"))
    yield one("an empty name", "", file(b""))
    yield one("an empty name by PAX", None, file(b"short", records={b"path": b""}))
    yield one("a file as the root", "", file(b"."))
    yield one("a link as the root", "", symlink(b"./", b"/"))
    yield one("a terminal's words in a name", r"x1b|u001b|\^\[|033", file(b"\x1b[31m/../../evil"))


def links(canary, up):
    for title, target in (("an absolute link", canary), ("a relative link", up)):
        yield one(f"a file through {title}", None, symlink(b"l", target), file(b"l/new"))
        yield one(f"a file of the host through {title}", None, symlink(b"l", target), file(b"l/file"))
        yield one(f"a directory on {title}", None, symlink(b"l", target), directory(b"l", mode=0o777, uid=99))
        yield one(f"a file on {title} to a file", None, symlink(b"l", target + b"/file"), file(b"l", mode=0o4777))
        yield one(f"a whiteout through {title}", None, symlink(b"l", target), file(b"l/.wh.file"))
        yield one(f"an opaque marker through {title}", None, symlink(b"l", target), file(b"l/.wh..wh..opq"))
        yield one(f"a directory through {title}", None, symlink(b"l", target), directory(b"l/inner", mode=0o777))
        yield one(f"a link through {title}", None, symlink(b"l", target), symlink(b"l/file", b"/etc/shadow"))
        yield one(f"attributes on {title}", None, symlink(b"l", target + b"/file", records={b"SCHILY.xattr.user.evil": b"1"}))
        yield one(f"a hard link through {title}", "h", symlink(b"l", target), hardlink(b"h", b"l/file"))
        lower = symlink(b"l", target) + END
        yield f"a file through {title} of a lower layer", None, [lower, file(b"l/new") + END]
        yield f"a whiteout through {title} of a lower layer", None, [lower, file(b"l/.wh.file") + END]
        yield f"a hard link through {title} of a lower layer", "l/file", [lower, hardlink(b"h", b"l/file") + END]
    yield one("a hard link to the host", "h", hardlink(b"h", canary + b"/file"))
    yield one("a hard link to the host by parents", ESCAPE, hardlink(b"h", up + b"/file"))
    yield one("a file on a hard link to a link", None, symlink(b"l", canary + b"/file"), hardlink(b"h", b"l"), file(b"h"))
    yield one("a hard link to itself", "self", hardlink(b"self", b"self"))
    yield one("a hard link to nothing", "none", hardlink(b"h", b"none"))
    yield one("a hard link to a directory", "h", directory(b"dir"), hardlink(b"h", b"dir"))
    yield one("a file below a loop of links", r"\ba", symlink(b"a", b"b"), symlink(b"b", b"a"), file(b"a/x"))
    yield one("a file below a file", r"f/x", file(b"f"), file(b"f/x"))
    yield one("a file on a fifo", None, fifo(b"p"), file(b"p"))
    yield one("a link to the engine's own descriptors", None, symlink(b"l", b"/proc/self/fd"), file(b"l/1"))
    yield one("a link to the engine's own root", None, symlink(b"l", b"/proc/self/root"), file(b"l" + canary + b"/new"))
    yield one("a link to the engine's directory", None, symlink(b"l", b"/proc/self/cwd"), file(b"l/new"))


def whiteouts(canary):
    yield one("a whiteout of the directory", r"\.wh\.", directory(b"d"), file(b"d/.wh.."))
    yield one("a whiteout of the parent", r"\.wh\.", directory(b"d"), file(b"d/.wh..."))
    yield one("a whiteout of the root's parent", r"\.wh\.", file(b".wh..."))
    yield one("a whiteout of nothing", r"\.wh\.", file(b".wh."))
    yield one("a whiteout below a whiteout", "", file(b".wh.a/" + b"b"))
    yield one("an opaque root", None, file(b".wh..wh..opq"))
    yield one("a hard link named as a whiteout", None, file(b"f"), hardlink(b".wh.x", b"f"))
    yield one("a raw whiteout", "raw", device(b"raw", 0, 0))
    yield one("a memory device", None, device(b"mem", 1, 1, mode=0o666), file(b"mem"))


def overlay_words(canary):
    """Words by which overlayfs itself would be told to look elsewhere."""
    for space in (b"trusted", b"user"):
        for word, value in ((b"redirect", b"/etc"), (b"opaque", b"y"), (b"metacopy", b""), (b"whiteout", b"y")):
            key = b"SCHILY.xattr." + space + b".overlay." + word
            yield one(f"{key[13:].decode()} in an archive", None, directory(b"etc", records={key: value}))


def broken():
    whole = file(b"one", b"1" * 2000) + file(b"two")
    yield "cut within a file", "", [whole[:1000]]
    yield "cut within a header", "", [whole[:700] + b""]
    yield "cut within a later header", "", [whole[: 512 + 2048 + 100]]
    yield "something after the end", "", [whole + END + b"trailing".ljust(512, b"!")]
    yield "a wrong checksum", "", [b"x" + whole[1:] + END]
    yield "no archive at all", "", [b"hello, this is no archive".ljust(1024)]
    yield "a size that is no number", "", [whole[:124] + b"99999999999\0" + whole[136:] + END]
    yield "a negative size", "", [resized(b"\xff" * 12)]
    yield "a size beyond all numbers", "", [resized(b"\x80" + b"\xff" * 11)]
    yield "PAX without a length", "", [header(b"p", b"x", size=10) + padded(b"no length\n") + whole + END]
    yield "PAX with a wrong length", "", [header(b"p", b"x", size=12) + padded(b"999 path=ab\n") + whole + END]
    yield "PAX with a negative size", "", [pax({b"size": b"-5"}) + whole + END]
    yield "a name without its file", "", [pax({b"path": b"alone"}) + END]


def resized(field):
    block = bytearray(header(b"sized"))
    block[124:136] = field
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + b"data".ljust(512, b"\0") + END


def sizes():
    yield one("a file of a tebibyte", "tera", header(b"tera", size=1 << 40) + bytes(1 << 16))
    yield one("a long name of gigabytes", "", header(b"././@LongLink", b"L", size=4 << 30) + b"n" * (1 << 16))
    yield one("PAX of gigabytes", "", header(b"p", b"x", size=4 << 30) + b"9" * (1 << 16))
    yield one("a sparse file beyond all disks", None, sparse(1 << 62, [(0, 1)], b"x"))
    yield one("a sparse map that goes backwards", "", sparse(1 << 20, [(1 << 19, 512), (0, 512)], bytes(1024)))
    yield one("a sparse map beyond the file", "", sparse(1024, [(4096, 512)], bytes(512)))
    yield one("a sparse map that is longer than its data", "", sparse(1 << 20, [(0, 512), (4096, 1 << 19)], bytes(512)))
    yield one("a sparse map of a million parts", "", sparse(1 << 40, [(n << 13, 0) for n in range(1 << 20)], b""))
    yield one("attributes of megabytes", "", file(b"f", records={b"SCHILY.xattr.user.big": bytes(2 << 20)}))
    yield one("thousands of attributes", "", file(b"f", records={b"SCHILY.xattr.user.n%d" % n: b"v" * 64 for n in range(9000)}))


def sparse(size, parts, data):
    """PAX 1.0: the map is in front of the data."""
    numbers = b"%d\n" % len(parts) + b"".join(b"%d\n%d\n" % part for part in parts)
    body = padded(numbers) + data
    records = {
        b"GNU.sparse.major": b"1",
        b"GNU.sparse.minor": b"0",
        b"GNU.sparse.name": b"holes",
        b"GNU.sparse.realsize": b"%d" % size,
    }
    return pax(records) + header(b"GNUSparseFile.0/holes", size=len(body)) + padded(body)


def repeated_deflate(head, unit, times):
    """A gzip member of a head and a unit many times over; its end is missing, nobody should get there."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    again = packer.compress(unit) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + first + again * times


def bombs():
    """Compressed layers of megabytes, or less, that say gibibytes."""
    unit = bytes(64 << 20)
    yield "zeros after the end", repeated_deflate(file(b"f") + END, unit, 128)
    yield "a file of zeros", repeated_deflate(header(b"zeros", size=1 << 40), unit, 128)
    yield "members of zeros", gzip.compress(file(b"f") + END, mtime=0) + gzip.compress(unit, 9, mtime=0) * 128
    yield "a name of zeros", repeated_deflate(header(b"name", b"L", size=8 << 30), unit, 128)
    yield "one file ten million times", repeated_deflate(b"", file(b"same", b"") * 100_000, 100)
