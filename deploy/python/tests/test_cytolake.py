"""The installed package: a session, functions, arrays, and the lines of the documentation."""

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import cytolake
import cytolake.functions as cf

PATTERN = r"(?<plate>[^_]+)_(?<well>[A-P]\d{2})_f(?<field>\d+)_(?<channel>\w+)\.tif"
SAMPLE = os.environ["CYTOLAKE_SAMPLE"]
DOCS = Path(os.environ["CYTOLAKE_DOCS"])


@pytest.fixture(scope="session")
def spark():
    assert "site-packages" in cytolake.__file__
    spark = cytolake.session(
        "tests", master="local[2]", memory="1g", config={"spark.ui.enabled": False, "spark.sql.shuffle.partitions": 2}
    )
    yield spark
    spark.stop()


def read(spark, rows):
    return (
        spark.read.format("microscopy")
        .option("rows", rows)
        .option("pattern", PATTERN)
        .option("channels", "nuclei=nuclei,cytoplasm=cytoplasm")
        .load(SAMPLE)
    )


def test_arrays_are_the_pixels(spark):
    row = read(spark, "images").where("image = 'SYN001_B02_1'").first()
    both = cytolake.arrays(row)
    assert list(both) == ["nuclei", "cytoplasm"]
    pixels = read(spark, "pixels").where("image = 'SYN001_B02_1'").orderBy("y", "x").toPandas()
    for channel, samples in both.items():
        assert samples.shape == (row["height"], row["width"])
        assert samples.dtype == row[channel + "_type"]
        assert (samples.ravel() == pixels[channel].to_numpy()).all()
    assert np.shares_memory(both["nuclei"], np.frombuffer(row["nuclei"], np.uint8))
    with pytest.raises(ValueError, match="name one of the row's channels, of which there are 2"):
        cytolake.array(row)
    one = read(spark, "images").select("height", "width", "nuclei", "nuclei_type").first()
    assert cytolake.array(one).shape == cytolake.array(one.asDict()).shape


def test_in_arrow_batches(spark):
    def sums(batches):
        import pyarrow as pa

        for batch in batches:
            tiles = [cytolake.arrow_array(batch, "nuclei", i) for i in range(batch.num_rows)]
            total = pa.array([int(tile.sum(dtype=np.int64)) for tile in tiles])
            yield pa.RecordBatch.from_arrays([batch.column("image"), total], ["image", "total"])

    tiles = read(spark, "images").select("image", "height", "width", "nuclei", "nuclei_type")
    found = {r["image"]: r["total"] for r in tiles.mapInArrow(sums, "image string, total long").collect()}
    summed = read(spark, "pixels").groupBy("image").agg({"nuclei": "sum"}).collect()
    assert found == {r[0]: r[1] for r in summed} and len(found) == 6


def test_functions_are_those_of_sql(spark):
    pixels = read(spark, "pixels")
    pixels.createOrReplaceTempView("pixels")
    by_column = pixels.groupBy("image").agg(
        cf.histogram_otsu(cf.histogram("nuclei")).alias("otsu"),
        cf.histogram_percentile(cf.histogram(pixels.nuclei), 99.8).alias("p"),
        cf.colocalization(cf.joint_histogram("nuclei", "cytoplasm")).pearson.alias("pearson"),
        cf.plane_histograms([[0, 1]], "nuclei", "cytoplasm").alias("counts"),
    )
    in_sql = spark.sql(
        "SELECT image, histogram_otsu(histogram(nuclei)) otsu, histogram_percentile(histogram(nuclei), 99.8) p,"
        " colocalization(joint_histogram(nuclei, cytoplasm)).pearson pearson,"
        " plane_histograms(array(array(0, 1)), nuclei, cytoplasm) counts FROM pixels GROUP BY image"
    )
    assert sorted(by_column.collect()) == sorted(in_sql.collect())
    ten = spark.range(1).select(cf.normalize(10, 8, 2, 0, 255), cf.normalize(10, 8, 2, 0, 255, 1, 8)).first()
    assert ten[0] == ten[1]
    with pytest.raises(TypeError, match="normalize: an argument before the last one given is None"):
        cf.normalize(10, 8, 2, 0, 255, None, 8)


def test_every_function_is_there(spark):
    registered = {r[0] for r in spark.sql("SHOW FUNCTIONS").collect()}
    named = [n for n, f in inspect.getmembers(cf, inspect.isfunction) if not n.startswith("_")]
    assert len(named) > 20 and set(named) <= registered
    for name in named:
        assert "Column" in str(inspect.signature(getattr(cf, name)).return_annotation)
        assert name in getattr(cf, name).__doc__


def test_five_lines_to_a_plot(spark, tmp_path, monkeypatch):
    text = (DOCS / "python.md").read_text(encoding="utf-8")
    lines = re.search(r"```python\n(import cytolake.*?)```", text, re.DOTALL).group(1)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    exec(lines.replace("sample-data/images", SAMPLE), {})
    assert (tmp_path / "nuclei.png").stat().st_size > 5000


CONNECTED = """
import sys
from pyspark.sql import SparkSession
import cytolake
import cytolake.functions as cf

spark = SparkSession.builder.remote("local[2]").config("spark.jars", str(cytolake.jar())).getOrCreate()
assert "connect" in type(spark).__module__
images = spark.read.format("microscopy").option("channels", "1=dna").option("rows", "images").load(sys.argv[1])
row = images.where("image = 'SYN001_B02_f1_nuclei'").first()
pixels = spark.read.format("microscopy").option("channels", "1=dna").load(sys.argv[1])
pixels = pixels.where("image = 'SYN001_B02_f1_nuclei'")
counted = pixels.groupBy("image").agg(cf.histogram_count(cf.histogram("dna")).alias("n")).first()["n"]
assert counted == cytolake.array(row).size > 1000
halves = pixels.groupBy((pixels.y % 2).alias("half")).agg(cf.histogram_count(cf.histogram("dna")).alias("n")).collect()
assert sorted(half["half"] for half in halves) == [0, 1] and sum(half["n"] for half in halves) == counted
assert pixels.select("_file_path").first()[0].endswith("SYN001_B02_f1_nuclei.tif")
stream = spark.readStream.format("microscopy").option("channels", "1=dna").option("rows", "images").load(sys.argv[1])
query = stream.writeStream.option("checkpointLocation", "checkpoint").trigger(availableNow=True).start("table")
query.awaitTermination()
assert spark.read.parquet("table").count() == images.count()
"""


def test_spark_connect(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", CONNECTED, SAMPLE], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
