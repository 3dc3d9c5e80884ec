package org.cytolake.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.cytolake.TakesMinutes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command segment, packaged, under spark-submit. */
final class SegmentIT {
  @TempDir Path folder;

  private static List<String> segment(Path output, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("segment", "--input", Packaged.sampleImages().toString(), "--pattern"));
    arguments.addAll(List.of(Packaged.PATTERN, "--channels", Packaged.CHANNELS));
    arguments.addAll(List.of("--output", output.toString()));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static List<Row> nuclei(Path output) {
    return Packaged.table(output, "nuclei").orderBy("image", "nucleus").collectAsList();
  }

  @Test
  @TakesMinutes
  void nucleiAreThoseOfAnalyze() throws Exception {
    Path output = folder.resolve("nuclei");
    Packaged.Ended ended = Packaged.submitAndWait(segment(output));
    assertThat(ended.code()).as(ended.text()).isZero();
    assertThat(ended.text())
        .contains("6 images analysed, 0 unchanged, 0 failed")
        .contains("nuclei    448,")
        .doesNotContain("  clusters  ");
    assertThat(nuclei(output)).hasSize(448).isEqualTo(nuclei(Packaged.sampleRun().output()));
    assertThat(Packaged.table(output, "images").where("nuclei > 0").count()).isEqualTo(6);
    for (String table : List.of("channel_stats", "joint_histograms", "cluster_models", "errors")) {
      assertThat(Packaged.table(output, table).count()).as(table).isZero();
    }

    Packaged.Ended again = Packaged.submitAndWait(segment(output));
    assertThat(again.text()).contains("0 images analysed, 6 unchanged");
    Packaged.Ended int8 =
        Packaged.submitAndWait(segment(output, "--precision", "int8", "--prob-threshold", "0.6"));
    assertThat(int8.code()).as(int8.text()).isZero();
    assertThat(int8.text()).contains("6 images analysed, 0 unchanged");
    assertThat(Packaged.table(output, "nuclei").selectExpr("min(prob)").first().getDouble(0))
        .isGreaterThan(0.6);
    assertThat(nuclei(output)).hasSizeBetween(420, 450);
  }

  @Test
  @TakesMinutes
  void tablesOfAnalyzeAreNotMixedWith() throws Exception {
    Packaged.Ended ended = Packaged.submitAndWait(segment(Packaged.sampleRun().output()));
    assertThat(ended.code()).as(ended.text()).isEqualTo(2);
    assertThat(ended.text())
        .contains("holds tables that segment would not renew")
        .contains("another --output");
  }

  @Test
  void saysWhatItTakes() throws Exception {
    Packaged.Ended help = Packaged.submitAndWait(List.of("segment", "--help"));
    assertThat(help.code()).isZero();
    assertThat(help.text())
        .contains("--model", "--channel", "--precision", "--prob-threshold", "--nms-threshold")
        .contains("cytolake segment --input plates/ --output nuclei/");
    Packaged.Ended wrong =
        Packaged.submitAndWait(segment(folder.resolve("none"), "--prob-threshold", "60"));
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.text())
        .contains("segmentation.prob-threshold is 60")
        .contains("between 0 and 1");
    assertThat(folder.resolve("none")).doesNotExist();
  }
}
