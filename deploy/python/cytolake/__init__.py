"""Microscopy images as Spark DataFrames.

``session()`` makes a Spark session that knows the data source ``microscopy`` and Cytolake's functions, which
``cytolake.functions`` has as Python functions; ``array`` turns a row of tiles or images into a numpy array.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import SparkSession

__all__ = ["array", "arrays", "arrow_array", "jar", "session"]

_TYPE = "_type"


def jar() -> Path:
    """The jar in this package.

    :raises FileNotFoundError: where the package was not installed from a wheel
    """
    found = sorted((Path(__file__).parent / "jars").glob("cytolake-*.jar"))
    if not found:
        raise FileNotFoundError("cytolake has no jar: install the wheel that deploy/bin/wheel makes")
    return found[-1]


def session(
    app: str = "cytolake",
    master: str | None = None,
    memory: str | None = None,
    jars: Iterable[str | Path] = (),
    config: Mapping[str, Any] | None = None,
) -> SparkSession:
    """A Spark session with the data source ``microscopy`` and Cytolake's SQL functions.

    :param app: name of the application
    :param master: such as ``local[4]`` or ``spark://host:7077``; left out: as Spark is configured, or this machine
    :param memory: heap of the driver, such as ``8g``: on one machine all of Spark's
    :param jars: others beside Cytolake's, such as Bio-Formats' GPL readers
    :param config: settings of Spark
    :raises RuntimeError: where a session without Cytolake is running in this process
    """
    from pyspark.sql import SparkSession

    settings = dict(config or {})
    given = [part for part in str(settings.pop("spark.jars", "")).split(",") if part]
    builder = SparkSession.builder.appName(app)
    if master is not None:
        builder = builder.master(master)
    if memory is not None:
        builder = builder.config("spark.driver.memory", memory)
    builder = builder.config("spark.jars", ",".join([str(jar()), *map(str, jars), *given]))
    for key, value in settings.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    if not spark.catalog.functionExists("joint_histogram"):
        raise RuntimeError(
            "A Spark session without Cytolake is running in this process. Stop it first (spark.stop()), or start"
            " Python anew."
        )
    return spark


def _channels(row: Any) -> list[str]:
    names = list(row.__fields__) if hasattr(row, "__fields__") else list(row.keys())
    return [name for name in names if name + _TYPE in names]


def array(row: Any, channel: str | None = None) -> np.ndarray:
    """The samples of a row of the data source with the option ``rows`` = ``tiles`` or ``images``.

    The array reads the row's bytes where they lie.

    :param row: with the columns ``height``, ``width``, the channel's and its type's: a Row, dict or pandas Series
    :param channel: may be left out where the row has one
    :return: height x width, of the type that the file has
    :raises ValueError: where it is not clear which channel is meant, or it could not be read
    """
    if channel is None:
        channels = _channels(row)
        if len(channels) != 1:
            raise ValueError(f"name one of the row's channels, of which there are {len(channels)}: {channels}")
        channel = channels[0]
    if row[channel] is None:
        raise ValueError(f"the row has no samples of '{channel}': its column corrupt says why")
    samples = np.frombuffer(row[channel], np.dtype(row[channel + _TYPE]).newbyteorder("<"))
    return samples.reshape(int(row["height"]), int(row["width"]))


def arrays(row: Any) -> dict[str, np.ndarray]:
    """The samples of all channels of a row, by channel, as :func:`array` gives them."""
    return {channel: array(row, channel) for channel in _channels(row)}


def arrow_array(batch: pa.RecordBatch, channel: str, i: int) -> np.ndarray:
    """The samples of row ``i`` of an Arrow batch, as in ``mapInArrow``; reads Arrow's memory where it lies.

    :return: height x width, read-only, good as long as the batch is
    """
    column = batch.column(channel)
    _, offsets, samples = column.buffers()
    wide = str(column.type).startswith("large")
    begin, end = np.frombuffer(offsets, np.int64 if wide else np.int32)[column.offset + i :][:2]
    dtype = np.dtype(batch.column(channel + _TYPE)[i].as_py()).newbyteorder("<")
    flat = np.frombuffer(samples, np.uint8)[begin:end].view(dtype)
    return flat.reshape(batch.column("height")[i].as_py(), batch.column("width")[i].as_py())
