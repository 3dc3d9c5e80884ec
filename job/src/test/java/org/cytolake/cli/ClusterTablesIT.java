package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.cytolake.TakesMinutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same clusters to the last bit, whatever the run has to run on. */
@TakesMinutes
final class ClusterTablesIT {
  private static final List<String> TABLES =
      List.of("cluster_values", "cluster_models", "clusters", "cluster_labels");

  @TempDir static Path folder;

  private static List<String> analyze(String output, String scope) {
    return Packaged.analyze(
        Packaged.sampleImages(),
        folder.resolve(output),
        "--set",
        "segmentation.enabled=false",
        "--set",
        "density.enabled=false",
        "--set",
        "output.label-images=[]",
        "--set",
        "clustering.scope=" + scope,
        "--set",
        "clustering.k=[2,3]",
        "--set",
        "clustering.starts=2",
        "--set",
        "clustering.dataset-starts=2",
        "--set",
        "clustering.max-tuples=500",
        "--set",
        "clustering.responsibilities=true",
        "--set",
        "clustering.methods=[gaussian_mixture,k_means,bisecting_k_means,power_iteration,dbscan,"
            + "mean_shift,ward]");
  }

  private static void run(String master, String output, String scope) throws Exception {
    Packaged.Ended ended = Packaged.run(Packaged.submit(master, analyze(output, scope)));
    assertThat(ended.code()).as(ended.text()).isZero();
  }

  @Test
  void oneCoreTwoAndACluster() throws Exception {
    List<String> scopes = List.of("image", "dataset");
    for (String scope : scopes) {
      run("local[1]", scope + "-local1", scope);
    }
    for (String scope : scopes) {
      run("local[2]", scope + "-local2", scope);
    }
    try (StandaloneCluster cluster = StandaloneCluster.start(folder.resolve("work"), 2)) {
      for (String scope : scopes) {
        run(cluster.master(), scope + "-cluster", scope);
      }
    }
    for (String scope : scopes) {
      Map<String, List<String>> first = rows(scope + "-local1");
      assertThat(first.values()).noneMatch(List::isEmpty);
      for (String output : List.of(scope + "-local2", scope + "-cluster")) {
        Map<String, List<String>> found = rows(output);
        for (String table : TABLES) {
          assertThat(found.get(table).equals(first.get(table)))
              .as("%s of %s is that of local[1]", table, output)
              .isTrue();
        }
      }
    }
  }

  /** By table, in the order in which the files have them. */
  private static Map<String, List<String>> rows(String output) {
    Map<String, List<String>> rows = new TreeMap<>();
    for (String table : TABLES) {
      rows.put(
          table,
          Packaged.table(folder.resolve(output), table).collectAsList().stream()
              .map(ClusterTablesIT::bits)
              .toList());
    }
    return rows;
  }

  /** Doubles as their bits. */
  private static String bits(Object value) {
    if (value instanceof Row row) {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        values.add(bits(row.get(i)));
      }
      return values.toString();
    }
    if (value instanceof scala.collection.Map<?, ?> map) {
      List<String> values = new ArrayList<>();
      scala.jdk.javaapi.CollectionConverters.asJava(map)
          .forEach((k, v) -> values.add(k + "=" + bits(v)));
      values.sort(null);
      return values.toString();
    }
    if (value instanceof scala.collection.Seq<?> list) {
      List<String> values = new ArrayList<>();
      scala.jdk.javaapi.CollectionConverters.asJava(list).forEach(v -> values.add(bits(v)));
      return values.toString();
    }
    return value instanceof Double d
        ? Long.toHexString(Double.doubleToRawLongBits(d))
        : String.valueOf(value);
  }
}
