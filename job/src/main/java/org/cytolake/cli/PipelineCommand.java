package org.cytolake.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.plan.RunPlan;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.run.RunSummary;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What the commands that run the job have in common. */
abstract class PipelineCommand implements Callable<Integer> {
  @Option(
      names = {"-n", "--dry-run"},
      description =
          "Show which images would be processed, and why, and which cannot be read. Writes"
              + " nothing.")
  boolean dryRun;

  @Option(
      names = "--follow",
      description =
          "Go on with images that come meanwhile, each when all its --channels are there and its"
              + " files have not changed for a while (input.rest-seconds). Ctrl-C ends it; the same"
              + " command goes on.")
  boolean follow;

  @Option(
      names = "--follow-idle",
      paramLabel = "SECONDS",
      description =
          "The same, until nothing has changed in the input for so long; then what is left is"
              + " taken, as without it.")
  Integer followIdle;

  @Mixin RunOptions options;
  @Mixin SparkOptions spark;
  @ParentCommand Main main;
  @Spec CommandSpec spec;

  /** The job of this command. */
  abstract AnalyzePipeline pipeline(SparkSession session, CytolakeConfig config, Progress progress);

  /** Keys that this command sets beside those of {@link #options}. */
  Map<String, Object> flags() {
    return Map.of();
  }

  @Override
  public Integer call() throws IOException {
    Map<String, Object> flags = new LinkedHashMap<>(flags());
    if (follow || followIdle != null) {
      flags.put("run.follow", true);
    }
    if (followIdle != null) {
      flags.put("run.follow-idle-seconds", followIdle);
    }
    CytolakeConfig config = options.load(flags);
    Console console = main.console();
    try (ConsoleProgress shown = ConsoleProgress.of(config.run().progress(), console)) {
      Progress progress = dryRun ? shown : Interruption.watched(shown, config.output().path());
      progress.begin("starting Spark", 0, 0);
      try (SparkSession session = spark.session(spec.name())) {
        progress.end();
        AnalyzePipeline pipeline = pipeline(session, config, progress);
        if (dryRun) {
          RunPlan plan = pipeline.plan();
          PlanText.print(plan, console);
          return plan.failures().isEmpty() ? Main.OK : Main.FAILED_IMAGES;
        }
        RunSummary summary =
            config.run().follow()
                ? pipeline.follow(some -> SummaryText.print(some, console))
                : pipeline.run();
        SummaryText.print(summary, console);
        return summary.failures().isEmpty() ? Main.OK : Main.FAILED_IMAGES;
      }
    }
  }
}
