package org.cytolake.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.s3.S3Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a region of a large image on S3 costs, by the bytes that the server sent. {@code
 * -Dcytolake.test.side=23200} makes the image 1 GB large instead of 256 MB.
 */
final class S3RegionTest {
  private static final int SIDE = Integer.getInteger("cytolake.test.side", 11_600);
  private static final int TILE = 256;

  @TempDir Path folder;

  private static int sample(int y, int x) {
    return (7 * x + 131 * y) & 0xffff;
  }

  @Test
  void aRegionCostsItsTiles() throws Exception {
    SparkSession spark = LocalSpark.session();
    try (S3Server server = new S3Server(folder.resolve("store"))) {
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      server.configure(hadoop);
      long bytes = upload(server, hadoop);
      assertThat(bytes).isGreaterThan(2L * SIDE * SIDE);

      server.proxy().heal();
      Dataset<Row> pixels =
          spark.read().format("microscopy").load(server.path("large/image.ome.tif"));
      long header = server.proxy().sent();
      assertThat(header).as("bytes for the columns").isLessThan(1_000_000);

      server.proxy().heal();
      int x0 = SIDE / 3;
      int y0 = SIDE / 2;
      Row row =
          pixels
              .where("x between %d and %d".formatted(x0, x0 + 999))
              .where("y between %d and %d".formatted(y0, y0 + 999))
              .selectExpr("count(*)", "sum(channel_1)")
              .first();
      long region = server.proxy().sent();
      long expected = 0;
      for (int y = y0; y < y0 + 1000; y++) {
        for (int x = x0; x < x0 + 1000; x++) {
          expected += sample(y, x);
        }
      }
      assertThat(row.getLong(0)).isEqualTo(1_000_000);
      assertThat(row.getLong(1)).isEqualTo(expected);
      long tiles = (long) tiles(x0) * tiles(y0) * TILE * TILE * 2;
      System.out.printf(
          "%,d bytes on S3: %,d sent for the columns, %,d in %d requests for a region of %,d%n",
          bytes, header, region, server.proxy().requests().size(), tiles);
      assertThat(region).isLessThan(tiles + 1_000_000);
    }
  }

  private static int tiles(int from) {
    return (from + 999) / TILE - from / TILE + 1;
  }

  private long upload(S3Server server, Configuration hadoop) throws Exception {
    Path file =
        TestImages.write(
            folder.resolve("image.ome.tif"),
            TestImages.Spec.of(SIDE, SIDE, "uint16", (s, c, z, t, y, x) -> sample(y, x))
                .tiled(TILE, "Uncompressed"));
    long bytes = Files.size(file);
    var target = new org.apache.hadoop.fs.Path(server.path("large/image.ome.tif"));
    FileSystem fs = target.getFileSystem(hadoop);
    fs.copyFromLocalFile(true, new org.apache.hadoop.fs.Path(file.toString()), target);
    return bytes;
  }
}
