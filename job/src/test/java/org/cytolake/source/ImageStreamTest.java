package org.cytolake.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.StructType;
import org.cytolake.catalog.Listing.ListedImage;
import org.cytolake.config.CytolakeException;
import org.cytolake.field.ImageFile;
import org.cytolake.source.TestImages.Spec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images as they come: each is given out once, when it is complete, whatever stops the query. */
final class ImageStreamTest {
  static final Map<String, String> NAMES =
      Map.of(
          "pattern",
          "(?<well>[A-P]\\d\\d)_(?<channel>[a-z]+)\\.tif",
          "channels",
          "dna=dna,actin=actin");

  private final SparkSession spark = LocalSpark.session();

  @TempDir Path folder;
  private Path images;

  @BeforeEach
  void makeFolder() throws IOException {
    images = Files.createDirectory(folder.resolve("images"));
  }

  /** A file comes: it is there at once and whole, as old as it is said to be. */
  private void drop(String name, String type, int secondsAgo) throws IOException {
    Path aside = Files.createDirectories(folder.resolve("aside")).resolve(name);
    int seed = Math.floorMod(name.hashCode(), 50);
    TestImages.write(aside, Spec.of(20, 10, type, (s, c, z, t, y, x) -> seed + x + 2 * y));
    Files.setLastModifiedTime(aside, FileTime.from(Instant.now().minusSeconds(secondsAgo)));
    Files.move(aside, images.resolve(name));
  }

  private void drop(String well) throws IOException {
    drop(well + "_dna.tif", "uint8", 0);
    drop(well + "_actin.tif", "uint8", 0);
  }

  private DataStreamReader stream(String... options) {
    DataStreamReader reader =
        spark.readStream().format("microscopy").options(NAMES).option("rest-seconds", 0);
    for (int i = 0; i < options.length; i += 2) {
      reader.option(options[i], options[i + 1]);
    }
    return reader;
  }

  private Dataset<Row> read(String... options) {
    Map<String, String> all = new TreeMap<>(NAMES);
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    return MicroscopySourceTest.read(images, all);
  }

  private static List<String> text(Dataset<Row> rows) {
    return rows
        .selectExpr("hash(struct(*))", "image", "to_json(struct(*))")
        .collectAsList()
        .stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }

  /** Runs until all that has arrived is given out; the images of each batch. */
  private List<List<String>> takeAll(Dataset<Row> stream) throws Exception {
    Map<Long, List<String>> batches = new TreeMap<>();
    stream
        .writeStream()
        .option("checkpointLocation", folder.resolve("checkpoint").toString())
        .trigger(Trigger.AvailableNow())
        .foreachBatch(
            (rows, batch) -> {
              batches.put(batch, ids(rows));
            })
        .start()
        .awaitTermination();
    return batches.values().stream().filter(batch -> !batch.isEmpty()).toList();
  }

  private static List<String> ids(Dataset<Row> rows) {
    return rows.select("image").distinct().orderBy("image").collectAsList().stream()
        .map(row -> row.getString(0))
        .toList();
  }

  @Test
  void droppedOneByOneAndStoppedTwiceTheTableIsThatOfOneRead() throws Exception {
    drop("A01");
    Path table = folder.resolve("table");
    StreamingQuery query = null;
    for (int i = 2; i <= 7; i++) {
      if (query == null) {
        query =
            stream("rows", "images", "max-images-per-trigger", "2")
                .load(images.toString())
                .writeStream()
                .format("parquet")
                .option("checkpointLocation", folder.resolve("checkpoint").toString())
                .trigger(Trigger.ProcessingTime(0))
                .start(table.toString());
      }
      drop("A0" + i + "_dna.tif", "uint8", 0);
      if (i % 2 == 0) {
        query.processAllAvailable();
        assertThat(ids(spark.read().parquet(table.toString())))
            .as("complete ones")
            .hasSize(i - 1)
            .doesNotContain("A0" + i);
      }
      drop("A0" + i + "_actin.tif", "uint8", 0);
      if (i == 4 || i == 6) { // in the middle of whatever it does
        query.stop();
        query = null;
      }
    }
    query.processAllAvailable();
    assertThat(query.lastProgress().sources()[0].metrics())
        .containsEntry("imagesGivenOut", "7")
        .containsEntry("imagesWaiting", "0");
    query.stop();
    assertThat(text(spark.read().parquet(table.toString())))
        .hasSize(7)
        .isEqualTo(text(read("rows", "images")));
  }

  @Test
  void aBatchThatFailedHasTheSameImagesAgainAndThenTheOthersCome() throws Exception {
    drop("A01");
    drop("A02");
    Map<Long, List<String>> batches = new TreeMap<>();
    List<List<String>> failed = new ArrayList<>();
    for (int attempt = 0; attempt < 3; attempt++) {
      boolean fails = attempt < 2;
      StreamingQuery query =
          stream()
              .load(images.toString())
              .writeStream()
              .option("checkpointLocation", folder.resolve("checkpoint").toString())
              .trigger(Trigger.AvailableNow())
              .foreachBatch(
                  (rows, batch) -> {
                    List<String> pixels = text(rows);
                    if (fails && batch == 0) {
                      failed.add(pixels);
                      throw new IllegalStateException("killed");
                    }
                    batches.put(batch, pixels);
                  })
              .start();
      if (fails) {
        assertThatThrownBy(query::awaitTermination).isInstanceOf(StreamingQueryException.class);
      } else {
        query.awaitTermination();
      }
      drop("B0" + (attempt + 1)); // the log of images is not of them
    }
    assertThat(failed)
        .hasSize(2)
        .allSatisfy(pixels -> assertThat(pixels).isEqualTo(batches.get(0L)));
    assertThat(batches.get(0L)).hasSize(2 * 200);
    assertThat(batches.get(1L)).hasSize(2 * 200);
    assertThat(takeAll(stream().load(images.toString()))).containsExactly(List.of("B03"));
  }

  @Test
  void anImageComesWhenItIsCompleteAndAtRestAndOnlyOnce() throws Exception {
    drop("A01_dna.tif", "uint8", 500);
    drop("A01_actin.tif", "uint8", 400);
    drop("A02_dna.tif", "uint8", 500);
    drop("A03_dna.tif", "uint8", 500);
    drop("A03_actin.tif", "uint8", 0);
    String[] rest = {"rest-seconds", "300", "mode", "PERMISSIVE"};
    assertThat(takeAll(stream(rest).load(images.toString()))).containsExactly(List.of("A01"));
    assertThat(takeAll(stream(rest).load(images.toString()))).isEmpty();
    drop("A02_actin.tif", "uint8", 301);
    Files.setLastModifiedTime(
        images.resolve("A01_dna.tif"), FileTime.from(Instant.now().minusSeconds(310)));
    assertThat(takeAll(stream(rest).load(images.toString())))
        .as("one is complete now; another was given out and has changed since")
        .containsExactly(List.of("A02"));
    assertThat(takeAll(stream().option("mode", "PERMISSIVE").load(images.toString())))
        .containsExactly(List.of("A03"));
  }

  @Test
  void noMoreImagesATriggerThanWantedTheOldestFirst() throws Exception {
    for (int i = 1; i <= 5; i++) {
      drop("A0" + i + "_dna.tif", "uint8", 100 * i);
      drop("A0" + i + "_actin.tif", "uint8", 100 * i);
    }
    assertThat(takeAll(stream("max-images-per-trigger", "2").load(images.toString())))
        .containsExactly(List.of("A04", "A05"), List.of("A02", "A03"), List.of("A01"));
  }

  @Test
  void withASchemaItBeginsBeforeAnythingIsThere() throws Exception {
    StructType schema =
        StructType.fromDDL(
            "image string, well string, series int, z int, t int, y int, x int, dna int, actin"
                + " int");
    assertThat(takeAll(stream().schema(schema).load(images.toString()))).isEmpty();
    drop("A01_dna.tif", "uint8", 0);
    assertThat(takeAll(stream().schema(schema).load(images.toString()))).isEmpty();
    drop("A01_actin.tif", "uint8", 0);
    assertThat(takeAll(stream().schema(schema).load(images.toString())))
        .containsExactly(List.of("A01"));
    assertThatThrownBy(() -> stream().schema("image string").load(images.toString()))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("is not one of images");
  }

  @Test
  void samplesThatTheColumnsDoNotHoldAreNotCut() throws Exception {
    drop("A01");
    StructType strict = read().schema();
    StructType schema = read("mode", "PERMISSIVE").schema();
    drop("A02_dna.tif", "float", 0);
    drop("A02_actin.tif", "uint8", 0);
    assertThatThrownBy(() -> takeAll(stream().schema(strict).load(images.toString())))
        .hasMessageContaining("has samples of type float")
        .hasMessageContaining("whose channels are wide enough");
    Map<String, String> corrupt = new TreeMap<>();
    stream("mode", "PERMISSIVE")
        .schema(schema)
        .load(images.toString())
        .writeStream()
        .option("checkpointLocation", folder.resolve("other").toString())
        .trigger(Trigger.AvailableNow())
        .foreachBatch(
            (rows, batch) -> {
              rows.groupBy("image", "corrupt")
                  .count()
                  .collectAsList()
                  .forEach(r -> corrupt.put(r.getString(0), r.getString(1) + " " + r.getLong(2)));
            })
        .start()
        .awaitTermination();
    assertThat(corrupt).containsEntry("A01", "null 200").hasSize(2);
    assertThat(corrupt.get("A02")).contains("WIDER_TYPE", "float").endsWith(" 1");
  }

  @Test
  void channelsMustBeKnown() throws Exception {
    drop("A01");
    Dataset<Row> stream = stream("channels", "").load(images.toString());
    assertThatThrownBy(() -> takeAll(stream))
        .hasMessageContaining("Nothing says which channels an image has")
        .hasMessageContaining("actin, dna");
  }

  // ---- the log ----------------------------------------------------------------------------------

  private static ListedImage image(int number) {
    return new ListedImage(
        "image " + number, List.of("\"\n"), List.of(new ImageFile("file:/" + number, 5, number)));
  }

  @Test
  void theLogKeepsAllOfItInFewFiles() throws IOException {
    String place = folder.resolve("log").toString();
    ImageLog log = new ImageLog(place, new Configuration());
    int batches = 55;
    for (int b = 0; b < batches; b++) {
      log.add(List.of(image(2 * b), image(2 * b + 1)), ImageLog.FileIs.CHANNEL);
      if (b == 0 || b == 49 || b == 50) {
        log = new ImageLog(place, new Configuration());
        assertThat(log.size()).isEqualTo(b + 1);
      }
    }
    ImageLog again = new ImageLog(place, new Configuration());
    assertThat(again.images()).isEqualTo(2 * batches);
    assertThat(again.fileIs()).contains(ImageLog.FileIs.CHANNEL);
    for (int b = 0; b < batches; b++) {
      assertThat(again.between(b, b + 1)).containsExactly(image(2 * b), image(2 * b + 1));
    }
    try (Stream<Path> files = Files.list(Path.of(place))) {
      assertThat(files.filter(f -> !f.getFileName().toString().startsWith("."))).hasSize(6);
    }

    again.add(List.of(image(1000)), ImageLog.FileIs.CHANNEL);
    ImageLog late = log;
    assertThatThrownBy(() -> late.add(List.of(image(1001)), ImageLog.FileIs.CHANNEL))
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("Another stream writes");
    Files.delete(Path.of(place, "51"));
    assertThatThrownBy(() -> new ImageLog(place, new Configuration()))
        .hasMessageContaining("the file 51 is missing")
        .hasMessageContaining("Restore the checkpoint");
  }
}
