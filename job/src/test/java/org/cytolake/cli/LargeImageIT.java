package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.cytolake.source.TestImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 400 million pixels, 800 MB, with a heap of 2 GB. */
final class LargeImageIT {
  private static final int SIDE = 20_000;

  @TempDir Path folder;

  @Test
  void aggregatesInTwoGigabytes() throws Exception {
    Path images = java.nio.file.Files.createDirectory(folder.resolve("images"));
    // each of 200 x 100 values on as many pixels
    TestImages.write(
        images.resolve("large.tif"),
        TestImages.Spec.of(SIDE, SIDE, "uint16", (s, c, z, t, y, x) -> x % 200 * 256 + y % 100)
            .tiled(1024, "Uncompressed"));
    Path output = folder.resolve("tables");
    List<String> arguments =
        new ArrayList<>(List.of("analyze", "--input", images.toString(), "--channels", "1=dna"));
    arguments.addAll(List.of("--output", output.toString()));
    arguments.addAll(List.of("--set", "segmentation.enabled=false"));
    arguments.addAll(List.of("--set", "clustering.enabled=false"));
    ProcessBuilder submit = Packaged.submit("local[2]", arguments);
    List<String> command = submit.command();
    command.set(command.indexOf("--driver-memory") + 1, "2g");
    Packaged.Ended ended = Packaged.run(submit);
    assertThat(ended.code()).as(ended.text()).isZero();

    Row tuples =
        Packaged.table(output, "joint_histograms")
            .selectExpr("count(*)", "sum(count)", "min(count)", "max(count)", "max(dna)")
            .first();
    assertThat(tuples.getLong(0)).isEqualTo(20_000);
    assertThat(tuples.getLong(1)).isEqualTo(400_000_000L);
    assertThat(tuples.getLong(2)).isEqualTo(20_000);
    assertThat(tuples.getLong(3)).isEqualTo(20_000);
    assertThat(tuples.getInt(4)).isEqualTo(199 * 256 + 99);
    Row stats = Packaged.table(output, "channel_stats").first();
    assertThat(stats.<Long>getAs("pixels")).isEqualTo(400_000_000L);
    double mean = Arrays.stream(new double[] {99.5 * 256, 49.5}).sum();
    assertThat(stats.<Double>getAs("mean")).isEqualTo(mean);
  }
}
