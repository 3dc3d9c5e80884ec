package org.cytolake.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.plan.RunPlan;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;

/**
 * How long a run over very many images takes before its first pixel, and what its first batches
 * take: of screens that are computed ({@link FormulaFileSystem}), so that the storage is free.
 */
public final class ScaleBenchmark {
  private static final int BATCHES = 3;
  private static final String ANALYSING = "analysing images";

  private final SparkSession spark;
  private final List<String> settings;

  /**
   * @param settings {@code key=value}, as a run has them
   */
  public ScaleBenchmark(SparkSession spark, List<String> settings) {
    this.spark = spark;
    this.settings = List.copyOf(settings);
    FormulaFileSystem.register(spark.sparkContext().hadoopConfiguration());
  }

  /** Seconds of the parts of a run, as it tells them; ends the run after some batches. */
  private static final class Parts implements Progress {
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private String part;
    private long start;
    private long analysing = Long.MAX_VALUE; // since when, in ms
    private int batches;
    private long images;

    @Override
    public synchronized void begin(String what, long of, long bytes) {
      part = what;
      start = System.nanoTime();
      if (what.equals(ANALYSING)) {
        analysing = Math.min(analysing, System.currentTimeMillis());
      }
    }

    @Override
    public void done(double done) {}

    @Override
    public synchronized void end() {
      seconds.merge(part, (System.nanoTime() - start) / 1e9, Double::sum);
    }

    @Override
    public void committed(long done, long of) {
      images = done;
      if (++batches == BATCHES) {
        throw new Enough();
      }
    }

    double of(String what) {
      return seconds.getOrDefault(what, 0.0);
    }
  }

  /** Ends a run. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1;

    Enough() {
      super("enough batches", null, false, false);
    }
  }

  /**
   * A table for people, a line for each size as soon as it is known.
   *
   * @param sizes numbers of images, each of two channels
   */
  public void lines(List<Integer> sizes, Consumer<String> out) {
    out.accept("images of 16 x 16 pixels, two channels; seconds");
    out.accept("");
    out.accept(
        "| images | listing | headers | rest of the plan | plan per 100,000 |"
            + " heap after it, MiB | first batches | images of them | cores busy |");
    out.accept("|---|---|---|---|---|---|---|---|---|");
    plan(10_000, new Parts()); // to warm up
    sizes.forEach(size -> out.accept(line(size)));
  }

  private String line(int images) {
    Parts plan = new Parts();
    long start = System.nanoTime();
    long heap = plan(images, plan);
    double seconds = (System.nanoTime() - start) / 1e9;
    double listing = plan.of("listing the input");
    double headers = plan.of("reading headers");
    Parts run = new Parts();
    double busy = firstBatches(images, run);
    double batches = run.of(ANALYSING) + run.of("moving files into place");
    return String.format(
        Locale.ROOT,
        "| %,d | %.1f | %.1f | %.1f | %.1f | %,d | %.1f | %,d | %.0f %% |",
        images,
        listing,
        headers,
        seconds - listing - headers,
        seconds * 100_000 / images,
        heap >> 20,
        batches,
        run.images,
        100 * busy);
  }

  /** Plans a run; gives the bytes of heap that are in use while the plan is held. */
  private long plan(int images, Progress progress) {
    Path output = folder();
    RunPlan plan = null;
    try {
      plan = new AnalyzePipeline(spark, config(images, output), progress).plan();
      if (plan.images().size() != images) {
        throw new IllegalStateException("planned " + plan.images().size() + " of " + images);
      }
      System.gc();
      Runtime jvm = Runtime.getRuntime();
      return jvm.totalMemory() - jvm.freeMemory();
    } finally {
      Reference.reachabilityFence(plan);
      FileUtil.fullyDelete(output.toFile());
    }
  }

  /**
   * Analyses and commits the first batches; gives the share of the cores' time from the first task
   * to the last commit in which tasks ran.
   */
  private double firstBatches(int images, Parts parts) {
    Queue<SparkListenerTaskEnd> tasks = new ConcurrentLinkedQueue<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd task) {
            tasks.add(task);
          }
        };
    Path output = folder();
    spark.sparkContext().addSparkListener(listener);
    try {
      new AnalyzePipeline(spark, config(images, output), parts).run();
    } catch (Enough e) {
      long wall = System.currentTimeMillis() - parts.analysing;
      long busy =
          tasks.stream()
              .filter(task -> task.taskInfo().launchTime() >= parts.analysing)
              .mapToLong(task -> task.taskInfo().duration())
              .sum();
      return (double) busy / (wall * spark.sparkContext().defaultParallelism());
    } finally {
      spark.sparkContext().removeSparkListener(listener);
      FileUtil.fullyDelete(output.toFile());
    }
    throw new IllegalArgumentException(images + " images are fewer than " + BATCHES + " batches");
  }

  private CytolakeConfig config(int images, Path output) {
    Map<String, Object> flags = new LinkedHashMap<>();
    flags.put("input.paths", List.of("formula://" + images + "x2/"));
    flags.put("input.pattern", FormulaFileSystem.PATTERN);
    flags.put("output.path", output.toString());
    return ConfigLoader.load(Optional.empty(), flags, settings);
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("cytolake-scale");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
