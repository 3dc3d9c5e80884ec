package org.cytolake.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkStatusTracker;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeException;
import org.cytolake.plan.RunPlan;
import org.cytolake.plan.RunPlan.Reason;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan says what the run after it does, and writes nothing. */
final class RunPlanTest {
  private static final int SIDE = 64;

  @TempDir Path folder;
  private Path images;
  private Path output;

  @BeforeEach
  void fourImages() throws IOException {
    images = Files.createDirectory(folder.resolve("images"));
    output = folder.resolve("tables");
    for (String name : List.of("a", "b", "c", "d")) {
      image(name, 0);
    }
  }

  private void image(String name, int add) {
    TestImages.write(
        images.resolve(name + ".ome.tif"),
        TestImages.Spec.of(SIDE, SIDE, "uint8", (s, c, z, t, y, x) -> (x + 3 * y + add) % 200));
  }

  private AnalyzePipeline pipeline(String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "segmentation.enabled=false",
                "clustering.enabled=false",
                "density.enabled=false",
                "report.enabled=false"));
    all.addAll(List.of(settings));
    Map<String, Object> flags =
        Map.of("input.paths", List.of(images.toString()), "output.path", output.toString());
    return new AnalyzePipeline(
        LocalSpark.session(), ConfigLoader.load(Optional.empty(), flags, all), Progress.NONE);
  }

  private static Map<String, Reason> reasons(RunPlan plan) {
    Map<String, Reason> reasons = new TreeMap<>();
    plan.images().forEach(i -> reasons.put(i.field().image(), i.reason()));
    return reasons;
  }

  private Map<String, byte[]> files() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    if (Files.exists(output)) {
      try (Stream<Path> all = Files.walk(output)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          files.put(file.toString(), Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  @Test
  void firstRun() throws IOException {
    RunPlan plan = pipeline().plan();
    assertThat(output).doesNotExist();
    assertThat(plan.stored()).isEqualTo(OptionalInt.empty());
    assertThat(reasons(plan))
        .isEqualTo(Map.of("a", Reason.NEW, "b", Reason.NEW, "c", Reason.NEW, "d", Reason.NEW));
    assertThat(plan.images()).allMatch(i -> i.pixels() == SIDE * SIDE);
    assertThat(plan.unchanged()).isZero();
    assertThat(plan.filesSeen()).isEqualTo(4);
    RunSummary run = pipeline().run();
    assertThat(run.analyzed()).isEqualTo(plan.images().size());
    assertThat(run.pixels())
        .isEqualTo(plan.images().stream().mapToLong(RunPlan.Planned::pixels).sum());
  }

  @Test
  void secondRunSaysWhyEachImage() throws IOException {
    TestImages.write(
        images.resolve("broken.ome.tif"),
        TestImages.Spec.of(SIDE, SIDE, "uint8", (s, c, z, t, y, x) -> x));
    byte[] whole = Files.readAllBytes(images.resolve("broken.ome.tif"));
    Files.writeString(images.resolve("broken.ome.tif"), "no image at all");
    assertThat(pipeline().run().failures()).hasSize(1);

    image("b", 7);
    image("e", 0);
    Map<String, byte[]> before = files();
    RunPlan plan = pipeline().plan();
    assertThat(reasons(plan)).isEqualTo(Map.of("b", Reason.FILES_CHANGED, "e", Reason.NEW));
    assertThat(plan.failures()).extracting(f -> f.image()).containsExactly("broken");
    assertThat(plan.unchanged()).isEqualTo(3);
    assertThat(plan.stored()).isEqualTo(OptionalInt.of(5));

    assertThat(reasons(pipeline("histograms.bins=7").plan()))
        .containsEntry("a", Reason.SETTINGS_CHANGED)
        .containsEntry("b", Reason.FILES_CHANGED)
        .containsEntry("e", Reason.NEW)
        .hasSize(5);
    assertThat(reasons(pipeline("run.force=true").plan()))
        .containsEntry("a", Reason.FORCED)
        .hasSize(5);
    Files.write(images.resolve("broken.ome.tif"), whole);
    assertThat(reasons(pipeline().plan())).containsEntry("broken", Reason.FILES_CHANGED);
    assertThat(files()).usingRecursiveComparison().isEqualTo(before);

    RunSummary run = pipeline().run();
    assertThat(run.analyzed()).isEqualTo(3);
    assertThat(run.unchanged()).isEqualTo(plan.unchanged());
    RunPlan after = pipeline().plan();
    assertThat(after.images()).isEmpty();
    assertThat(after.unchanged()).isEqualTo(6);
    assertThat(after.tasks()).isZero();
    assertThat(after.batches()).isZero();
  }

  @Test
  void tasksAndBatchesAreThoseOfTheRun() throws IOException {
    image("e", 0);
    image("f", 0);
    String four = "run.batch-images=4"; // then two more, each image a task
    RunPlan plan = pipeline(four).plan();
    assertThat(plan.batches()).isEqualTo(2);
    assertThat(plan.tasks()).isEqualTo(6);
    SparkContext context = LocalSpark.session().sparkContext();
    context.setJobGroup("run", "run", false);
    try {
      pipeline(four).run();
    } finally {
      context.clearJobGroup();
    }
    SparkStatusTracker tracker = context.statusTracker();
    List<Integer> tasks =
        Arrays.stream(tracker.getJobIdsForGroup("run"))
            .mapToObj(tracker::getJobInfo)
            .filter(job -> job.isDefined())
            .flatMapToInt(job -> Arrays.stream(job.get().stageIds()))
            .mapToObj(tracker::getStageInfo)
            .filter(stage -> stage.isDefined()) // some were skipped, or are forgotten already
            .map(stage -> stage.get().numTasks())
            .toList();
    assertThat(tasks).contains(4, 2);
    try (Stream<Path> files = Files.list(output.resolve("channel_stats"))) {
      assertThat(files.filter(f -> f.toString().endsWith(".parquet")))
          .as("a file a task")
          .hasSize(plan.tasks());
    }
  }

  @Test
  void refusesWhatTheRunWouldRefuse() {
    assertThatThrownBy(() -> pipeline("clustering.enabled=true", "clustering.scope=plate").plan())
        .isInstanceOf(CytolakeException.class)
        .hasMessageContaining("clustering.scope");
    RunPlan outside = pipeline("statistics.regions=[{name=r,x=0,y=0,width=999,height=1}]").plan();
    assertThat(outside.images()).isEmpty();
    assertThat(outside.failures()).hasSize(4);
  }
}
