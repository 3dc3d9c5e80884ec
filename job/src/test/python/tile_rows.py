"""Tiles and planes as they come to Python, beside tifffile's: equal, and not copied on the way into numpy.

Arguments: the folder of images, the pattern of their names, the channels. Prints a line for each way.
"""
import pathlib
import sys

import numpy as np
import pyarrow as pa
import tifffile
from pyspark.sql import SparkSession

folder, pattern, channels = sys.argv[1:]
names = [pair.split("=")[1] for pair in channels.split(",")]


def plane(well, field, channel):
    [path] = pathlib.Path(folder).glob(f"*_{well}_f{field}_{channel}.tif")
    return tifffile.imread(path)


def equals(array, well, field, channel, y, x):
    expected = plane(well, field, channel)
    height, width = array.shape
    return array.dtype == expected.dtype and np.array_equal(array, expected[y : y + height, x : x + width])


def in_arrow(batches):
    for batch in batches:
        same = []
        for i in range(batch.num_rows):
            value = {name: batch.column(name)[i] for name in batch.schema.names}
            key = {name: value[name].as_py() for name in ["well", "field", "y", "x", "height", "width"]}
            good = True
            for name in names:
                array = samples(batch.column(name), i, value[name + "_type"].as_py())
                good &= lies_in(array, batch.column(name))
                array = array.reshape(key["height"], key["width"])
                good &= equals(array, key["well"], key["field"], name, key["y"], key["x"])
            same.append(good)
        yield pa.RecordBatch.from_arrays([pa.array(same), batch.column("height"), batch.column("width")], ["same", "height", "width"])


def samples(column, i, dtype):
    """Of Arrow's own memory; the values of a column, one by one, are copies."""
    _, offsets, bytes_of_batch = column.buffers()
    begin, end = np.frombuffer(offsets, np.int32)[column.offset + i :][:2]
    return np.frombuffer(bytes_of_batch[begin:end], dtype)


def lies_in(array, column):
    bytes_of_batch = column.buffers()[2]
    at = array.ctypes.data - bytes_of_batch.address
    return not array.flags.owndata and 0 <= at and at + array.nbytes <= bytes_of_batch.size


def in_pandas(tables):
    for table in tables:
        same = []
        for row in table.itertuples():
            good = True
            for name in names:
                array = np.frombuffer(getattr(row, name), getattr(row, name + "_type")).reshape(row.height, row.width)
                good &= not array.flags.owndata and equals(array, row.well, row.field, name, row.y, row.x)
            same.append(good)
        yield table.assign(same=same)[["same", "height", "width"]]


spark = SparkSession.builder.getOrCreate()
reader = spark.read.format("microscopy").option("pattern", pattern).option("channels", channels)
pixels = reader.load(folder).count()
for size in ["tiles", "images"]:
    rows = reader.option("rows", size).option("tile-pixels", 20000).load(folder)
    for way, made in [
        ("mapInArrow", rows.mapInArrow(in_arrow, "same boolean, height int, width int")),
        ("mapInPandas", rows.mapInPandas(in_pandas, "same boolean, height int, width int")),
    ]:
        got = made.collect()
        print(
            size,
            way,
            "equal" if all(row.same for row in got) else "different",
            "all" if sum(row.height * row.width for row in got) == pixels else "not all",
            len(got) > 6 if size == "tiles" else len(got) == 6,
        )
