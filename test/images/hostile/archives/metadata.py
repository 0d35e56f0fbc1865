"""Manifests, indexes and configs that lie, as changes of a sound image."""

import json

from archive import digest
from raw_tar import END, file

OCI = "application/vnd.oci.image."


class Image:
    """One image as a set of blobs, each part of which may be another than it should be."""

    def __init__(self, tars=None, compressed=None, layer_type="layer.v1.tar"):
        self.blobs = {}
        self.layers = tars if tars is not None else [file(b"etc/hostile") + END]
        stored = compressed if compressed is not None else self.layers
        descriptors = [self.blob(data, OCI + layer_type) for data in stored]
        self.config = {
            "architecture": "amd64",
            "os": "linux",
            "config": {"Cmd": ["/bin/true"]},
            "rootfs": {"type": "layers", "diff_ids": [digest(tar) for tar in self.layers]},
        }
        self.manifest = {
            "schemaVersion": 2,
            "mediaType": OCI + "manifest.v1+json",
            "config": None,
            "layers": descriptors,
        }
        self.top = None

    def blob(self, data, media_type, **more):
        name = digest(data)
        self.blobs[name] = data
        return {"mediaType": media_type, "digest": name, "size": len(data), **more}

    def document(self, value, kind):
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        return self.blob(data, OCI + kind + ".v1+json")

    def close(self):
        """The descriptor that a tag points to."""
        if self.top is None:
            if self.manifest is not None and self.manifest.get("config") is None:
                self.manifest["config"] = self.document(self.config, "config")
            self.top = self.document(self.manifest, "manifest")
        return self.top


def images(foreign_url):
    """Yields (name, what is said, image); the address is one that nobody may ask."""
    yield from digests()
    yield from descriptors(foreign_url)
    yield from documents()
    yield from indexes()
    yield from configs()


def digests():
    image = Image()
    name = image.manifest["layers"][0]["digest"]
    image.blobs[name] = image.blobs[name].replace(b"hostile", b"HOSTILE")
    yield "a layer of another digest", name[7:19], image
    image = Image()
    image.close()
    name = image.manifest["config"]["digest"]
    image.blobs[name] = image.blobs[name].replace(b"true", b"evil")
    yield "a config of another digest", name[7:19], image
    image = Image()
    other = digest(b"other")
    image.config["rootfs"]["diff_ids"] = [other]
    yield "another diff id than the layer's", other[7:19], image
    for title, bad in [
        ("an unknown algorithm", "md5:d41d8cd98f00b204e9800998ecf8427e"),
        ("a digest that is a path", "sha256:../../../../../../etc/passwd"),
        ("a digest that is a long path", "sha256:" + "../" * 21 + "x"),
        ("a digest in capitals", "sha256:" + "A" * 64),
        ("a short digest", "sha256:abcd"),
        ("no digest", ""),
        ("a number as digest", 7),
        ("a digest with a terminal's words", "sha256:\x1b]0;evil\x07"),
    ]:
        image = Image()
        image.manifest["layers"][0]["digest"] = bad
        yield f"{title} of a layer", "", image
        image = Image()
        image.manifest["config"] = {**image.document(image.config, "config"), "digest": bad}
        yield f"{title} of a config", "", image
        image = Image()
        image.config["rootfs"]["diff_ids"] = [bad]
        yield f"{title} as diff id", "", image


def descriptors(foreign_url):
    for title, size in [
        ("a negative size", -1),
        ("a size too small", 10),
        ("a size too large", 100_000),
        ("a size beyond all disks", 1 << 60),
        ("a fraction as size", 1.5),
        ("words as size", "10"),
        ("no size", None),
    ]:
        image = Image()
        image.manifest["layers"][0]["size"] = size
        yield f"{title} of a layer", "", image
        image = Image()
        image.manifest["config"] = {**image.document(image.config, "config"), "size": size}
        yield f"{title} of a config", "", image
    image = Image()
    layer = image.manifest["layers"][0]
    del image.blobs[layer["digest"]]
    layer["urls"] = [foreign_url]
    layer["mediaType"] = OCI + "layer.nondistributable.v1.tar"
    yield "a layer that is elsewhere", "", image
    image = Image()
    image.manifest["layers"][0]["urls"] = [foreign_url]
    yield "a layer that is elsewhere too", None, image
    image = Image()
    image.manifest["layers"][0]["mediaType"] = "text/html"
    yield "a layer that is no archive", "text/html", image


def documents():
    for title, data in [
        ("brackets", b"[" * 200_000),
        ("closed brackets", b"[" * 200_000 + b"]" * 200_000),
        ("braces", b'{"a":' * 200_000 + b"1" + b"}" * 200_000),
        ("nothing", b""),
        ("a number", b"7"),
        ("null", b"null"),
        ("a list", b"[]"),
        ("half a document", b'{"schemaVersion": 2, "layers": ['),
        ("bytes", bytes(range(256))),
        ("megabytes", b'{"schemaVersion": 2, "annotations": {"a": "' + b"a" * (9 << 20) + b'"}}'),
        ("a page of another server", b"<html>not here</html>"),
    ]:
        image = Image()
        image.top = image.document(data, "manifest")
        yield f"{title} as manifest", "", image
        image = Image()
        image.manifest["config"] = image.document(data, "config")
        yield f"{title} as config", "", image
        image = Image()
        image.top = image.document(data, "index")
        yield f"{title} as index", "", image
    for title, key, value in [
        ("an object as layers", "layers", {}),
        ("numbers as layers", "layers", [1, 2]),
        ("no layers", "layers", None),
        ("a list as config", "config", [1]),
        ("a version 1", "schemaVersion", 1),
        ("100,000 layers", "layers", "many"),
    ]:
        image = Image()
        image.close()
        image.manifest[key] = image.manifest["layers"] * 100_000 if value == "many" else value
        image.top = image.document(image.manifest, "manifest")
        yield title, "", image
    image = Image()
    image.close()
    text = json.dumps(image.manifest).encode()
    image.top = image.document(b'{"__proto__": {"polluted": true, "mediaType": "evil"}, ' + text[1:], "manifest")
    yield "__proto__ in a manifest", None, image


def indexes():
    image = Image()
    top = image.close()
    for _ in range(100):
        top = image.document({"schemaVersion": 2, "mediaType": OCI + "index.v1+json", "manifests": [top]}, "index")
    image.top = top
    yield "an index in an index, a hundred deep", "", image
    image = Image()
    top = {**image.close(), "platform": {"os": "plan9", "architecture": "pdp11\x1b[31m"}}
    image.top = image.document({"schemaVersion": 2, "manifests": [top] * 3}, "index")
    yield "an index of strange platforms", "pdp11", image
    image = Image()
    image.close()
    image.top = image.document({"schemaVersion": 2, "manifests": []}, "index")
    yield "an index of nothing", "", image
    image = Image()
    image.top = image.document({"schemaVersion": 2, "manifests": {"0": image.close()}}, "index")
    yield "an object as manifests", "", image


def configs():
    for title, change in [
        ("no diff ids", {"rootfs": {"type": "layers", "diff_ids": []}}),
        ("more diff ids than layers", {"rootfs": {"type": "layers", "diff_ids": [digest(b"1"), digest(b"2")]}}),
        ("no rootfs", {"rootfs": None}),
        ("a word as diff ids", {"rootfs": {"type": "layers", "diff_ids": "all"}}),
        ("a word as config", {"config": "all"}),
        ("numbers in Env", {"config": {"Env": [1, 2]}}),
        ("an object as Cmd", {"config": {"Cmd": {"a": 1}}}),
        ("a number as User", {"config": {"User": 0}}),
        ("a number as architecture", {"architecture": 64}),
    ]:
        image = Image()
        image.config.update(change)
        yield title, "", image
