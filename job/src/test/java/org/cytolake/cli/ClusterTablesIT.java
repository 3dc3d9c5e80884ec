package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.cytolake.TakesMinutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same clusters to the last bit, whatever the run has to run on. */
@TakesMinutes
final class ClusterTablesIT {
  private static final List<String> TABLES =
      List.of("cluster_values", "cluster_models", "clusters", "cluster_labels");

  /** Length of the footer, as four bytes, and PAR1. */
  private static final int FOOTER_END = 8;

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
            + "mean_shift,ward,average_linkage,complete_linkage,single_linkage,"
            + "mini_batch_k_means,birch,spectral,affinity_propagation,self_organizing_map]");
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
      for (String table : TABLES) {
        List<ByteBuffer> first = pages(scope + "-local1", table);
        assertThat(Packaged.table(folder.resolve(scope + "-local1"), table).isEmpty()).isFalse();
        for (String output : List.of(scope + "-local2", scope + "-cluster")) {
          assertThat(pages(output, table).equals(first))
              .as("%s of %s is that of local[1]", table, output)
              .isTrue();
        }
      }
    }
  }

  /**
   * The bytes of the table's files, in order, up to the footer, and the footer's length. In the
   * footer itself Parquet lists a column's encodings in the order of a hash set, which changes from
   * JVM to JVM.
   */
  private static List<ByteBuffer> pages(String output, String table) throws IOException {
    List<ByteBuffer> pages = new ArrayList<>();
    for (Path file : files(folder.resolve(output).resolve(table))) {
      byte[] bytes = Files.readAllBytes(file);
      int end = bytes.length - FOOTER_END;
      int footer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
      pages.add(ByteBuffer.wrap(bytes, 0, end - footer));
      pages.add(ByteBuffer.wrap(bytes, end, FOOTER_END));
    }
    return pages;
  }

  private static List<Path> files(Path table) throws IOException {
    try (Stream<Path> files = Files.list(table)) {
      return files.filter(f -> f.toString().endsWith(".parquet")).sorted().toList();
    }
  }
}
