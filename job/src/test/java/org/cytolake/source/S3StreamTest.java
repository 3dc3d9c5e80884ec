package org.cytolake.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.Trigger;
import org.cytolake.s3.S3Server;
import org.cytolake.source.TestImages.Spec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that come to S3; checkpoint and table are there, too. */
final class S3StreamTest {
  @TempDir Path folder;

  private void drop(S3Server server, String name) throws Exception {
    int seed = Math.floorMod(name.hashCode(), 50);
    Path file =
        TestImages.write(
            folder.resolve(name), Spec.of(20, 10, "uint8", (s, c, z, t, y, x) -> seed + x + 2 * y));
    server.upload(file, "images/" + name);
  }

  private static void takeAll(SparkSession spark, S3Server server) throws Exception {
    spark
        .readStream()
        .format("microscopy")
        .options(ImageStreamTest.NAMES)
        .option("rest-seconds", 0)
        .option("rows", "images")
        .load(server.path("images"))
        .writeStream()
        .format("parquet")
        .option("checkpointLocation", server.path("checkpoint"))
        .trigger(Trigger.AvailableNow())
        .start(server.path("table"))
        .awaitTermination();
  }

  private static List<String> text(Dataset<Row> rows) {
    return rows.selectExpr("to_json(struct(*))").collectAsList().stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }

  @Test
  void eachImageIsGivenOutOnceWhenItIsComplete() throws Exception {
    SparkSession spark = LocalSpark.session().newSession();
    try (S3Server server = new S3Server(folder.resolve("store"))) {
      server.configure(spark.sparkContext().hadoopConfiguration());
      drop(server, "A01_dna.tif");
      drop(server, "A01_actin.tif");
      drop(server, "A02_dna.tif");
      takeAll(spark, server);
      assertThat(text(spark.read().parquet(server.path("table")).select("image")))
          .containsExactly("[{\"image\":\"A01\"}]");
      drop(server, "A02_actin.tif");
      drop(server, "A03_actin.tif");
      takeAll(spark, server);
      drop(server, "A03_dna.tif");
      takeAll(spark, server);
      takeAll(spark, server);
      Dataset<Row> once =
          spark
              .read()
              .format("microscopy")
              .options(ImageStreamTest.NAMES)
              .option("rows", "images")
              .load(server.path("images"));
      assertThat(text(spark.read().parquet(server.path("table")))).hasSize(3).isEqualTo(text(once));
    }
  }
}
