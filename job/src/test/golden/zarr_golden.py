"""Writes small OME-Zarr images of every kind that is read, and the values that zarr-python gives.

    pip install "zarr>=3.1" numcodecs ome-zarr
    python zarr_golden.py ../resources/org/cytolake/bioformats/zarr/generated.zip

The archive holds the images' folders, an entry 'manifest.txt' with a line for each, and their samples.
A line: name, axes, "t x c x z x y x x : type", digest. Samples lie in '<digest>.samples',
little-endian, plane by plane in the order t, c, z, as zarr-python reads the array again; ome-zarr's
own writer made those whose names begin with 'writer'.
"""
import functools
import hashlib
import itertools
import os
import sys
import tempfile
import warnings
import zipfile

import numcodecs
import numpy as np
import zarr
from ome_zarr.format import FormatV04, FormatV05
from ome_zarr.writer import write_image
from zarr.codecs import (
    BloscCodec,
    BytesCodec,
    Crc32cCodec,
    GzipCodec,
    ShardingCodec,
    TransposeCodec,
    ZstdCodec,
)

warnings.filterwarnings("ignore")
rng = np.random.default_rng(21)
folder = tempfile.mkdtemp()
manifest = []
TYPES = ["u1", "i1", "u2", "i2", "u4", "i4", "f4", "f8"]


@functools.cache
def picture(dtype, shape):
    """Smooth with noise over all of the type's range, so that every codec has something to do."""
    dtype = np.dtype(dtype)
    wave = sum(np.sin(i / (3 + a)) for a, i in enumerate(np.indices(shape)))
    wave = wave / max(1, len(shape)) + (rng.random(shape) < 0.1) * 0.2
    if dtype.kind == "f":
        return (np.round(wave * 100) / 8).astype(dtype)
    limits = np.iinfo(dtype)
    middle = (float(limits.max) + float(limits.min)) / 2
    return np.clip(middle + wave * (limits.max - middle), limits.min, limits.max).astype(dtype)


def attributes(group, axes, version, path="0"):
    scales = {
        "version": version,
        "axes": [
            {"name": a, "type": {"t": "time", "c": "channel"}.get(a, "space")}
            | ({"unit": "micrometer"} if a in "zyx" else {})
            for a in axes
        ],
        "datasets": [
            {"path": path, "coordinateTransformations": [
                {"type": "scale", "scale": [0.5] * len(axes)}]}
        ],
    }
    if version == "0.5":
        del scales["version"]
        group.attrs["ome"] = {"version": "0.5", "multiscales": [scales]}
    else:
        group.attrs["multiscales"] = [scales]


def note(name, axes, array):
    values = array[...]
    order = [axes.index(a) for a in "tczyx" if a in axes]
    values = values.transpose(order)
    full = values.reshape([values.shape[[x for x in "tczyx" if x in axes].index(a)] if a in axes else 1
                           for a in "tczyx"])
    samples = np.ascontiguousarray(full).astype(full.dtype.newbyteorder("<")).tobytes()
    digest = hashlib.sha256(samples).hexdigest()[:16]
    shape = "x".join(map(str, full.shape))
    manifest.append(f"{name} {axes} {shape}:{full.dtype.name} {digest}")
    with open(os.path.join(folder, digest + ".samples"), "wb") as file:
        file.write(samples)


def add(name, data, chunks, axes="yx", zarr_format=3, write=None, **how):
    name += ".zarr"
    group = zarr.open_group(os.path.join(folder, name), mode="w", zarr_format=zarr_format)
    attributes(group, axes, "0.5" if zarr_format == 3 else "0.4")
    array = group.create_array("0", shape=data.shape, chunks=chunks, dtype=data.dtype, **how)
    if write is None:
        array[...] = data
    else:
        array[write] = data[write]
    note(name, axes, group["0"])


SIZE, CHUNK = (21, 34), (16, 20)
# types and byte orders
for t, order in itertools.product(TYPES, "<>"):
    if order == ">" and t in ("u1", "i1"):
        continue
    data = picture(t, SIZE)
    word = "little" if order == "<" else "big"
    add(f"v2-{t}-{word}", data.astype(order + t), CHUNK, zarr_format=2, compressors=None)
    add(f"v3-{t}-{word}", data, CHUNK, serializer=BytesCodec(endian=word), compressors=None)
# codecs
LARGE, LARGE_CHUNK = (40, 66), (32, 60)
for name, shuffle, t in itertools.product(
        ["lz4", "lz4hc", "zstd", "zlib", "blosclz", "snappy"], [0, 1, 2], ["u1", "u2", "f4", "f8"]):
    data = picture(t, LARGE)
    if name == "snappy" and (t != "u2" or "snappy" not in numcodecs.blosc.list_compressors()):
        continue
    for block in (0, 1024):
        if block and t in ("u1", "f8"):
            continue
        add(f"v2-blosc-{name}-{shuffle}-{t}-{block}", data, LARGE_CHUNK, zarr_format=2,
            compressors=numcodecs.Blosc(name, 5, shuffle, block))
    if t == "u2":
        word = ["noshuffle", "shuffle", "bitshuffle"][shuffle]
        add(f"v3-blosc-{name}-{shuffle}", data, LARGE_CHUNK,
            compressors=BloscCodec(cname=name, clevel=9, shuffle=word))
for odd in [(1, 1), (3, 5), (7, 129), (33, 31)]:  # chunks whose samples are no multiples of 8
    for shuffle in (1, 2):
        data = picture("u2", (odd[0] * 2 + 1, odd[1] * 2 + 1))
        add(f"v2-blosc-odd-{odd[0]}-{odd[1]}-{shuffle}", data, odd, zarr_format=2,
            compressors=numcodecs.Blosc("lz4", 9, shuffle))
random = rng.integers(0, 65536, LARGE).astype("u2")  # that does not get smaller
add("v2-blosc-noise", random, LARGE_CHUNK, zarr_format=2, compressors=numcodecs.Blosc("lz4", 1, 1))
for t in ("u1", "u2", "f4"):  # long matches
    add(f"v2-blosclz-flat-{t}", np.full((300, 400), 7, t), (300, 400), zarr_format=2,
        compressors=numcodecs.Blosc("blosclz", 9, 0))
    repeated = np.tile(picture(t, (1, 200)), (30, 1))
    noise = rng.integers(0, 127, (60, 200)).astype(t)
    add(f"v2-blosclz-far-{t}", np.concatenate([repeated, noise, repeated]), (120, 200),
        zarr_format=2, compressors=numcodecs.Blosc("blosclz", 9, 0, 1 << 20))
for name, codec in [("zstd", numcodecs.Zstd(3)), ("gzip", numcodecs.GZip(5)), ("zlib", numcodecs.Zlib(5)),
                    ("lz4", numcodecs.LZ4())]:
    add(f"v2-{name}", picture("u2", SIZE), CHUNK, zarr_format=2, compressors=codec)
for name, codecs in [("zstd", [ZstdCodec(level=3)]), ("zstd-checksum", [ZstdCodec(checksum=True)]),
                     ("gzip", [GzipCodec(level=5)]), ("crc32c", [Crc32cCodec()]),
                     ("zstd-crc32c", [ZstdCodec(), Crc32cCodec()]),
                     ("crc32c-gzip", [Crc32cCodec(), GzipCodec()]),
                     ("zstd-gzip", [ZstdCodec(), GzipCodec()])]:
    add(f"v3-{name}", picture("u2", SIZE), CHUNK, compressors=codecs)
# names, orders, fill values
for separator in "./":
    add(f"v2-separator-{'dot' if separator == '.' else 'slash'}", picture("u1", SIZE), CHUNK,
        zarr_format=2, chunk_key_encoding={"name": "v2", "separator": separator})
    for kind in ("default", "v2"):
        add(f"v3-{kind}-{'dot' if separator == '.' else 'slash'}", picture("u1", SIZE), CHUNK,
            chunk_key_encoding={"name": kind, "separator": separator})
for t in ("u1", "u2", "f4"):
    add(f"v2-order-f-{t}", picture(t, (3,) + SIZE), (2, 16, 20), axes="cyx", zarr_format=2, order="F")
for order in itertools.permutations(range(3)):
    add("v3-transpose-" + "".join(map(str, order)), picture("u2", (3,) + SIZE), (2, 16, 20), axes="cyx",
        filters=[TransposeCodec(order=order)], compressors=[ZstdCodec()])
add("v3-transpose-twice", picture("u2", (3,) + SIZE), (2, 16, 20), axes="cyx",
    filters=[TransposeCodec(order=(1, 2, 0)), TransposeCodec(order=(1, 2, 0))])
PART = (slice(0, 16), slice(20, 40))
for t, fills in [("u1", [0, 200]), ("i2", [-5]), ("u4", [4294967295]), ("i4", [-2147483648]),
                 ("f4", [0.0, 1.5, float("nan"), float("inf"), float("-inf")]), ("f8", [float("nan")])]:
    for n, fill in enumerate(fills):
        for f in (2, 3):
            add(f"v{f}-fill-{t}-{n}", picture(t, SIZE), CHUNK, zarr_format=f, write=PART, fill_value=fill)
# axes
for axes, shape, chunks in [
    ("cyx", (3, 21, 34), (1, 16, 16)), ("zyx", (4, 21, 34), (2, 16, 16)), ("tyx", (3, 21, 34), (3, 8, 34)),
    ("czyx", (2, 3, 21, 34), (2, 2, 16, 16)), ("tczyx", (2, 3, 2, 21, 34), (1, 2, 2, 16, 16)),
    ("xyzct", (34, 21, 2, 3, 2), (16, 16, 1, 2, 1)), ("yxc", (21, 34, 3), (16, 16, 3)),
]:
    for f in (2, 3):
        add(f"v{f}-axes-{axes}", picture("u2", shape), chunks, axes=axes, zarr_format=f)
# shards
for index, checked, codec in itertools.product(["start", "end"], [True, False], ["none", "zstd", "blosc"]):
    inner = {"none": [], "zstd": [ZstdCodec()], "blosc": [BloscCodec(cname="lz4", shuffle="bitshuffle")]}
    sharding = ShardingCodec(
        chunk_shape=(1, 8, 10), codecs=[BytesCodec(), *inner[codec]], index_location=index,
        index_codecs=[BytesCodec(), Crc32cCodec()] if checked else [BytesCodec()])
    word = "checked" if checked else "plain"
    add(f"v3-shards-{index}-{word}-{codec}", picture("u2", (2, 45, 67)), (2, 32, 40), axes="cyx",
        serializer=sharding, compressors=None, filters=None)
add("v3-shards-holes", picture("f4", (45, 67)), (32, 40), write=(slice(8, 16), slice(20, 40)),
    fill_value=-1.5, compressors=None,
    serializer=ShardingCodec(chunk_shape=(8, 10), codecs=[BytesCodec(), ZstdCodec()]))
add("v3-shards-transposed", picture("u2", (45, 67)), (32, 40), compressors=None,
    serializer=ShardingCodec(
        chunk_shape=(8, 10),
        codecs=[TransposeCodec(order=(1, 0)), BytesCodec(endian="big"), GzipCodec(), Crc32cCodec()]))
# as ome-zarr writes
for f in (2, 3):
    fmt = FormatV04() if f == 2 else FormatV05()
    name = f"writer-{f}.zarr"
    group = zarr.open_group(os.path.join(folder, name), mode="w", zarr_format=f)
    write_image(picture("u2", (2, 40, 60)), group, axes="cyx", fmt=fmt)
    first = "s0" if "s0" in group else "0"
    note(name, "cyx", group[first])

with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    def put(name, data):
        entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
        archive.writestr(entry, data, zipfile.ZIP_DEFLATED)

    put("manifest.txt", "\n".join(manifest))
    for above, folders, files in sorted(os.walk(folder)):
        folders.sort()
        for file in sorted(files):
            path = os.path.join(above, file)
            put(os.path.relpath(path, folder), open(path, "rb").read())
print(len(manifest), "images")
