package org.cytolake.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.bioformats.TinyZarr;
import org.cytolake.s3.S3Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a region of an image of a plate in OME-Zarr on S3 costs, by what the server was asked.
 * {@code -Dcytolake.test.zarr-side=23200} makes the image 1 GB large.
 */
final class S3ZarrTest {
  private static final int SIDE = Integer.getInteger("cytolake.test.zarr-side", 2048);
  private static final int CHUNK = 256;

  @TempDir Path folder;

  private static int sample(int y, int x) {
    return (7 * x + 131 * y) & 0xffff;
  }

  @Test
  void aRegionOfAPlateCostsItsChunks() throws Exception {
    SparkSession spark = LocalSpark.session();
    Path plate = folder.resolve("in/p.zarr");
    TinyZarr.plate(plate, Map.of("A/1", List.of("0"), "B/2", List.of("0")));
    for (String field : List.of("A/1/0", "B/2/0")) {
      int side = field.startsWith("A") ? SIDE : CHUNK;
      TinyZarr.image(
          plate.resolve(field),
          new int[] {1, 1, 1, side, side},
          new int[] {1, 1, 1, CHUNK, CHUNK},
          0.5,
          List.of("DAPI"),
          at -> sample(at[3], at[4]));
    }
    try (S3Server server = new S3Server(folder.resolve("store"))) {
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      server.configure(hadoop);
      var target = new org.apache.hadoop.fs.Path(server.path("in/p.zarr"));
      FileSystem fs = target.getFileSystem(hadoop);
      fs.copyFromLocalFile(new org.apache.hadoop.fs.Path(plate.toString()), target);

      server.proxy().heal();
      Dataset<Row> pixels = spark.read().format("microscopy").load(server.path("in"));
      assertThat(pixels.columns()).contains("plate", "well", "field", "DAPI");
      assertThat(server.proxy().requests()).as("requests for the columns").hasSizeLessThan(80);
      assertThat(chunks(server)).isEmpty();

      server.proxy().heal();
      int x0 = SIDE / 3;
      int y0 = SIDE / 2;
      Row row =
          pixels
              .where("well = 'A01'")
              .where("x between %d and %d".formatted(x0, x0 + 999))
              .where("y between %d and %d".formatted(y0, y0 + 999))
              .selectExpr("count(*)", "sum(DAPI)")
              .first();
      long expected = 0;
      for (int y = y0; y < y0 + 1000; y++) {
        for (int x = x0; x < x0 + 1000; x++) {
          expected += sample(y, x);
        }
      }
      assertThat(row.getLong(0)).isEqualTo(1_000_000);
      assertThat(row.getLong(1)).isEqualTo(expected);
      List<String> asked = chunks(server);
      List<String> wanted = new ArrayList<>();
      for (int y = y0 / CHUNK; y <= (y0 + 999) / CHUNK; y++) {
        for (int x = x0 / CHUNK; x <= (x0 + 999) / CHUNK; x++) {
          wanted.add("A/1/0/0/c/0/0/0/" + y + "/" + x);
        }
      }
      System.out.printf(
          "%,d bytes on S3: %,d sent in %d requests for a region of %,d in %d chunks%n",
          2L * SIDE * SIDE,
          server.proxy().sent(),
          server.proxy().requests().size(),
          2_000_000,
          wanted.size());
      assertThat(new TreeSet<>(asked)).isEqualTo(new TreeSet<>(wanted));
      assertThat(asked).as("each is sent once").hasSameSizeAs(wanted);
      assertThat(server.proxy().sent())
          .isLessThan((long) wanted.size() * 2 * CHUNK * CHUNK + 200_000);
    }
  }

  /** The chunks that were sent, by their keys below the plate. */
  private static List<String> chunks(S3Server server) {
    return server.proxy().requests().stream()
        .filter(request -> request.startsWith("GET "))
        .flatMap(request -> Stream.of(request.split("[ ?]", -1)[1]))
        .filter(target -> target.contains("/c/0/0/"))
        .map(target -> target.substring(target.indexOf("p.zarr/") + "p.zarr/".length()))
        .toList();
  }
}
