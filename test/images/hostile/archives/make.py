"""Writes images that are to be refused or contained. Usage: make.py DIRECTORY CANARY FOREIGN-URL

Each gets a directory of its own, a layout (DIRECTORY/N/layout) and the same as a tar (DIRECTORY/N/image.tar);
DIRECTORY/cases.json lists them: name, number, and what is said: a regular expression, null where the image is
harmless once it is contained."""

import gzip
import io
import json
import os
import subprocess
import sys
import tarfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../fixtures"))

import layers
import metadata
from archive import digest
from everything import busybox
from metadata import Image
from raw_tar import END, file


def compressions():
    tar = file(b"one", b"1" * 70_000) + END
    gz = gzip.compress(tar, mtime=0)
    zstd = subprocess.run(["zstd", "-q", "-c"], input=tar, check=True, capture_output=True).stdout
    window = ["zstd", "-q", "-c", "--ultra", "-22", "--zstd=wlog=31"]
    big = subprocess.run(window, input=tar, check=True, capture_output=True).stdout
    skippable = b"\x50\x2a\x4d\x18\x04\0\0\0skip"
    for name, said, kind, data in [
        ("gzip, cut", "", "gzip", gz[:-20]),
        ("gzip, cut in its last word", "", "gzip", gz[:-1]),
        ("gzip with a wrong checksum", "", "gzip", gz[:-6] + b"\0\0" + gz[-4:]),
        ("gzip with something after it", "", "gzip", gz + b"trailing"),
        ("gzip of two members", None, "gzip", gzip.compress(tar[:30_000], mtime=0) + gzip.compress(tar[30_000:], mtime=0)),
        ("zstd, cut", "", "zstd", zstd[:-3]),
        ("zstd with something after it", "", "zstd", zstd + b"trailing"),
        ("zstd of two frames, one to skip between", None, "zstd", frames(tar, skippable)),
        ("zstd with a window of gibibytes", "", "zstd", big),
        ("zstd that says gzip", "", "gzip", zstd),
        ("gzip that says zstd", "", "zstd", gz),
        ("a tar that says gzip", "", "gzip", tar),
        ("gzip that says nothing", "", "", gz),
        ("nothing that says gzip", "", "gzip", b""),
    ]:
        suffix = f"+{kind}" if kind else ""
        yield name, said, Image([tar], [data], "layer.v1.tar" + suffix)
    for name, data in layers.bombs():
        yield f"bomb: {name}", "", Image([tar], [data], "layer.v1.tar+gzip")


def frames(tar, between):
    pack = lambda data: subprocess.run(["zstd", "-q", "-c"], input=data, check=True, capture_output=True).stdout
    return pack(tar[:30_000]) + between + pack(tar[30_000:])


def cases(canary, foreign_url):
    system = busybox()
    for name, said, tars in layers.layers_for(canary):
        # What is contained can be looked at from inside.
        yield name, said, Image([system, *tars] if said is None else tars)
    yield from compressions()
    yield from metadata.images(foreign_url)


def main(directory, canary, foreign_url):
    listed = []
    for number, (name, said, image) in enumerate(cases(canary.encode(), foreign_url)):
        place = os.path.join(directory, str(number))
        layout = os.path.join(place, "layout")
        names = {"org.opencontainers.image.ref.name": "latest", "io.containerd.image.name": "localhost/hostile:latest"}
        top = {**image.close(), "annotations": names}
        files = {"oci-layout": b'{"imageLayoutVersion": "1.0.0"}'}
        files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [top]}).encode()
        files.update({"blobs/" + key.replace(":", "/"): data for key, data in image.blobs.items()})
        for path, data in files.items():
            os.makedirs(os.path.dirname(os.path.join(layout, path)), exist_ok=True)
            with open(os.path.join(layout, path), "wb") as target:
                target.write(data)
        with tarfile.open(os.path.join(place, "image.tar"), "w") as archive:
            for path, data in files.items():
                member = tarfile.TarInfo(path)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
        listed.append({"name": name, "number": number, "says": said, "top": top})
    with open(os.path.join(directory, "cases.json"), "w") as target:
        json.dump(listed, target)


main(*sys.argv[1:])
