#!/usr/bin/env python3
"""Writes an image of 4096 x 4096 pixels of 16 bits as Zarr of several kinds, and times how long zarr-python and
tensorstore take to read it, on one thread and on all cores.
usage: zarr_peers.py ROUNDS FOLDER
Prints as JSON the median seconds by 'kind, threads, who', and the sum of the samples as 'sum'."""
import json
import os
import statistics
import sys
import time

import numpy as np
import tensorstore as ts
import zarr
from zarr.codecs import BloscCodec, GzipCodec, ZstdCodec

SIDE = 4096
CHUNK = (512, 512)
ROUNDS, FOLDER = int(sys.argv[1]), sys.argv[2]
CORES = os.cpu_count()


def field():
    """Blurred spots over noise, as a camera of 12 bits has them."""
    rng = np.random.default_rng(4)
    image = rng.poisson(200, (SIDE, SIDE)).astype(np.float32)
    y, x = np.mgrid[-24:25, -24:25]
    spot = 1800 * np.exp(-(x * x + y * y) / 200)
    for top, left in rng.integers(0, SIDE - 49, (2500, 2)):
        image[top:top + 49, left:left + 49] += spot
    return np.clip(image, 0, 4095).astype("u2")


KINDS = {
    "none": {"compressors": None},
    "blosc lz4 bitshuffle": {"compressors": BloscCodec(cname="lz4", clevel=5, shuffle="bitshuffle")},
    "blosc lz4 shuffle": {"compressors": BloscCodec(cname="lz4", clevel=5, shuffle="shuffle")},
    "blosc zstd shuffle": {"compressors": BloscCodec(cname="zstd", clevel=5, shuffle="shuffle")},
    "zstd": {"compressors": ZstdCodec(level=3)},
    "gzip": {"compressors": GzipCodec(level=5)},
    "shards of zstd": {"compressors": ZstdCodec(level=3), "shards": (2048, 2048)},
}


def image(kind):
    return os.path.join(FOLDER, kind.replace(" ", "-") + ".zarr")


def by_zarr(kind, threads):
    with zarr.config.set({"threading.max_workers": threads, "async.concurrency": max(1, threads)}):
        return zarr.open_array(os.path.join(image(kind), "0"), mode="r")[...]


def by_tensorstore(kind, threads):
    context = ts.Context({"data_copy_concurrency": {"limit": threads},
                          "file_io_concurrency": {"limit": threads}, "cache_pool": {"total_bytes_limit": 0}})
    path = os.path.join(image(kind), "0")
    store = ts.open({"driver": "zarr3", "kvstore": {"driver": "file", "path": path}}, open=True, context=context)
    return store.result().read().result()


pixels = field()
for kind, how in KINDS.items():
    group = zarr.open_group(image(kind), mode="w", zarr_format=3)
    group.attrs["ome"] = {"version": "0.5", "multiscales": [
        {"axes": [{"name": "y", "type": "space"}, {"name": "x", "type": "space"}],
         "datasets": [{"path": "0", "coordinateTransformations": [{"type": "scale", "scale": [1, 1]}]}]}]}
    group.create_array("0", shape=pixels.shape, chunks=CHUNK, dtype="u2", **how)[...] = pixels
result = {}
for kind in KINDS:
    for threads in sorted({1, CORES}):
        for who, read in (("zarr-python", by_zarr), ("tensorstore", by_tensorstore)):
            seconds = []
            for n in range(ROUNDS + 1):
                start = time.perf_counter()
                values = read(kind, threads)
                seconds.append(time.perf_counter() - start)
            assert (values == pixels).all()
            result[f"{kind}, {threads}, {who}"] = statistics.median(seconds[1:])
result["sum"] = float(pixels.sum(dtype=np.int64))
print(json.dumps(result))
