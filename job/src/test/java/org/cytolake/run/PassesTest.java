package org.cytolake.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.cytolake.config.ConfigLoader;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * That the source decodes each pixel once, as Spark's metric says, and how many jobs a run takes.
 */
final class PassesTest {
  private static final int SIDE = 400;
  private static final int IMAGES = 3; // a batch each
  private static final String DECODED = "pixels decoded";

  @TempDir Path folder;

  /** What Spark counted of a run. */
  private record Seen(int jobs, long decoded) {}

  private Seen run(List<String> settings) throws Exception {
    AtomicInteger jobs = new AtomicInteger();
    AtomicLong decoded = new AtomicLong();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart job) {
            jobs.incrementAndGet();
          }

          @Override
          public void onStageCompleted(SparkListenerStageCompleted stage) {
            stage
                .stageInfo()
                .accumulables()
                .values()
                .foreach(
                    a ->
                        a.name().exists(DECODED::equals)
                            ? decoded.addAndGet(Long.parseLong(a.value().get().toString()))
                            : 0L);
          }
        };
    var context = LocalSpark.session().sparkContext();
    context.addSparkListener(listener);
    try {
      Map<String, Object> flags =
          Map.of(
              "input.paths", List.of(folder.resolve("images").toString()),
              "output.path", folder.resolve("tables").toString());
      RunSummary summary =
          new AnalyzePipeline(
                  LocalSpark.session(),
                  ConfigLoader.load(Optional.empty(), flags, settings),
                  Progress.NONE)
              .run();
      assertThat(summary.failures()).isEmpty();
      assertThat(summary.analyzed()).isEqualTo(IMAGES);
      context.listenerBus().waitUntilEmpty();
    } finally {
      context.removeSparkListener(listener);
    }
    return new Seen(jobs.get(), decoded.get());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void twoPassesAndFewJobs(int channels) throws Exception {
    Files.createDirectory(folder.resolve("images"));
    for (int i = 0; i < IMAGES; i++) {
      int image = i;
      TestImages.write(
          folder.resolve("images/" + i + ".ome.tif"),
          TestImages.Spec.of(
                  SIDE,
                  SIDE,
                  "uint8",
                  (s, c, z, t, y, x) -> 20 + (x / 9 * 7 + y / 5 * 3 + c * image) % 90)
              .channels(channels));
    }
    List<String> settings = new ArrayList<>(List.of("run.batch-images=1", "clustering.k=[2]"));
    settings.addAll(
        List.of("clustering.starts=1", "density.enabled=false", "segmentation.enabled=false"));
    Seen seen = run(settings);
    long samples = (long) IMAGES * channels * SIDE * SIDE;
    assertThat(seen.decoded()).as("pass 1; pass 2 reads without the source").isEqualTo(samples);
    assertThat(seen.jobs()).isLessThanOrEqualTo(10 + 6 * IMAGES);
  }
}
