package org.cytolake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.source.TestImages.Spec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files on a file system that is not the local disk: random access, closed by the reader. */
final class FileSystemTest {
  @TempDir Path folder;

  private final SparkSession spark = LocalSpark.session();

  @BeforeEach
  void register() {
    CountingFileSystem.register(spark.sparkContext().hadoopConfiguration());
    CountingFileSystem.reset();
  }

  @AfterEach
  void everyStreamIsClosed() {
    assertThat(CountingFileSystem.OPEN).hasValue(0);
  }

  private Dataset<Row> read(Path path) {
    return spark
        .read()
        .format("microscopy")
        .options(Map.of("channels", "1=dna,2=actin", "tile-pixels", "65536"))
        .load("counting://" + path);
  }

  private Path write(String name, int tile) {
    Spec spec =
        Spec.of(1000, 800, "uint16", (s, c, z, t, y, x) -> c * 30_000 + (x + 7 * y) % 5_000);
    return TestImages.write(folder.resolve(name), spec.channels(2).tiled(tile, "zlib"));
  }

  @Test
  void allPixels() {
    write("a.ome.tif", 128);
    Dataset<Row> pixels = read(folder);
    assertThat(pixels.where("dna = (x + 7 * y) % 5000 and actin = dna + 30000").count())
        .isEqualTo(800_000);
    assertThat(CountingFileSystem.OPENED).hasPositiveValue();
  }

  @Test
  void aRegionReadsItsTilesOnly() throws IOException {
    Spec spec = Spec.of(2000, 1500, "uint16", (s, c, z, t, y, x) -> x);
    Path file =
        TestImages.write(folder.resolve("a.ome.tif"), spec.channels(2).tiled(256, "Uncompressed"));
    Dataset<Row> region = read(folder).where("x between 130 and 140 and y between 260 and 270");
    region.schema();
    CountingFileSystem.reset();
    assertThat(region.selectExpr("sum(dna)", "count(*)").first().getLong(1)).isEqualTo(121);
    // of 12 MB: header, directories and one tile a channel, by blocks of 64 KiB
    assertThat(CountingFileSystem.BYTES.get()).isLessThan(1_000_000);
    assertThat(Files.size(file)).isGreaterThan(12_000_000);
  }

  @Test
  void closedWhenTheQueryStopsEarly() {
    write("a.ome.tif", 128);
    assertThat(read(folder).limit(3).collectAsList()).hasSize(3);
  }

  @Test
  void closedWhenAFileIsBroken() throws IOException {
    Path file = write("a.ome.tif", 128);
    byte[] bytes = Files.readAllBytes(file);
    Path broken = folder.resolve("broken.ome.tif");
    Files.write(broken, Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> read(broken).selectExpr("sum(dna)").collectAsList())
        .hasMessageContaining("broken.ome.tif");
  }

  @Test
  void tasksCountPlanesBytesAndPixels() throws Exception {
    TestImages.write(
        folder.resolve("b.ome.tif"),
        Spec.of(40, 30, "uint16", TestImages.coded()).channels(2).zt(3, 1));
    Map<String, Long> counted = new ConcurrentHashMap<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            end.taskInfo()
                .accumulables()
                .foreach(
                    a -> {
                      if (a.name().isDefined() && a.update().get() instanceof Long value) {
                        counted.merge(a.name().get(), value, Long::sum);
                      }
                      return null;
                    });
          }
        };
    Dataset<Row> maxima = read(folder).selectExpr("max(dna)", "max(actin)", "max(x + z)");
    spark.sparkContext().addSparkListener(listener);
    try {
      assertThat(maxima.first().getInt(2)).isEqualTo(41);
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } finally {
      spark.sparkContext().removeSparkListener(listener);
    }
    assertThat(counted)
        .containsEntry("planes read", 6L)
        .containsEntry("pixels decoded", 7_200L)
        .containsEntry("bytes of samples read", 14_400L);
  }
}
