package org.cytolake.clusters;

import static org.apache.spark.sql.functions.expr;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.cytolake.config.ConfigLoader;
import org.cytolake.points.WeightedPoints;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;

/** Runs of the pipeline on two-channel images, and the tables they leave. */
record ClusterRuns(Path folder) {
  static final String PATTERN = "(?<plate>P\\d)_(?<well>[A-P]\\d\\d)_c(?<channel>\\d)\\.tif";

  /** A sample of channel 0 or 1. */
  interface Sample {
    double of(int channel, int y, int x);
  }

  void image(String name, String type, Sample sample) {
    for (int c = 0; c < 2; c++) {
      int channel = c;
      TestImages.write(
          folder.resolve("images").resolve(name + "_c" + c + ".tif"),
          TestImages.Spec.of(48, 36, type, (s, k, z, t, y, x) -> sample.of(channel, y, x)));
    }
  }

  /** Three populations and some pixels between them. */
  static Sample populations(int shift) {
    return (channel, y, x) -> {
      int noise = (x * x * 7 + y * 13 + x * y * (3 + channel) + shift) % (19 - 14 * channel);
      int population = (x / 16 + channel * (y / 18)) % 3;
      return (x + y) % 37 == 0 ? 5 * ((x + shift) % 50) : 20 + 80 * population + noise + shift / 4;
    };
  }

  RunSummary analyze(String output, String... settings) {
    List<String> all = new ArrayList<>();
    all.add("segmentation.enabled=false");
    all.add("density.enabled=false");
    all.add("output.label-images=[]");
    all.add("report.enabled=false");
    all.addAll(Arrays.asList(settings));
    Map<String, Object> flags =
        Map.of(
            "input.paths",
            List.of(folder.resolve("images").toString()),
            "input.pattern",
            PATTERN,
            "input.channels",
            "0=dna,1=actin",
            "output.path",
            folder.resolve(output).toString());
    return new AnalyzePipeline(
            LocalSpark.session(), ConfigLoader.load(Optional.empty(), flags, all), Progress.NONE)
        .run();
  }

  Dataset<Row> table(String output, String name) {
    return LocalSpark.session().read().parquet(folder.resolve(output).resolve(name).toString());
  }

  /** The values of some images, added up. */
  WeightedPoints values(String output, String where) {
    List<Row> rows =
        table(output, "cluster_values")
            .where(where)
            .selectExpr("values[0] as a", "values[1] as b", "pixels")
            .groupBy("a", "b")
            .sum("pixels")
            .orderBy("a", "b")
            .collectAsList();
    return DataSetTuples.points(rows, 0, 2);
  }

  /** Labels of tuples in their order, in the model that a condition picks. */
  int[] labels(String output, String where) {
    return table(output, "cluster_labels")
        .as("labels")
        .join(
            table(output, "cluster_models").where(where).as("models"),
            expr(
                "labels.image <=> models.image and labels.plate <=> models.plate"
                    + " and labels.well <=> models.well"))
        .selectExpr("values", "labels[concat(method, '_', k)] as cluster")
        .orderBy("values")
        .select("cluster")
        .collectAsList()
        .stream()
        .mapToInt(r -> r.getInt(0))
        .toArray();
  }
}
