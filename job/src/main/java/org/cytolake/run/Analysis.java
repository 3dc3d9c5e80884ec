package org.cytolake.run;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.catalog.Listing;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.field.ImageFile;
import org.cytolake.illumination.SumSettings;
import org.cytolake.plan.Batch;
import org.cytolake.plan.PlannedRun;
import org.cytolake.plan.Scope;
import org.cytolake.planes.AnalysisSettings;
import org.cytolake.planes.ImagesTable;
import org.cytolake.planes.ShareResult;
import org.cytolake.quality.FlagTable;
import org.cytolake.report.PlaneReports;
import org.cytolake.store.ImageFiles;
import org.cytolake.store.Run;
import org.cytolake.store.StagedFile;
import org.cytolake.store.TableFiles;
import org.cytolake.store.TableStore;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/**
 * One run over the images of a plan: batch by batch, each committed. Models of several images, what
 * is painted by them, and the report come with the last.
 */
final class Analysis {
  private final SparkSession spark;
  private final CytolakeConfig config;
  private final Scope scope;
  private final StageClock clock;
  private final Configuration hadoop;
  private final PlannedRun plan;
  private final TableStore store;
  private final RunFacts facts;
  private final IlluminationStep illumination;
  private final List<Failure> failures = new ArrayList<>();
  private final ShareResult done = new ShareResult();
  private Layout layout;
  private RunPlateMap plateMap;
  private FlagTable.Flagged flagged = FlagTable.Flagged.NOTHING;
  private Optional<String> reportProblem = Optional.empty();
  private final Set<String> ids = new HashSet<>(); // of all images of the run

  Analysis(
      SparkSession spark,
      CytolakeConfig config,
      Scope scope,
      StageClock clock,
      PlannedRun plan,
      TableStore store) {
    this.spark = spark;
    this.config = config;
    this.scope = scope;
    this.clock = clock;
    this.hadoop = spark.sessionState().newHadoopConf();
    this.plan = plan;
    this.store = store;
    this.facts = new RunFacts(spark, config, scope);
    this.layout = store.layout();
    this.illumination = new IlluminationStep(spark, config, clock, plan, store);
    plan.catalog().fields().forEach(f -> ids.add(f.image()));
    plan.failures().forEach(f -> ids.add(f.image()));
  }

  /**
   * Runs.
   *
   * @param first the store's; it is closed
   */
  RunSummary run(Run first) {
    Run run = first;
    try {
      if (plan.isNothing()) {
        plateMap = readPlateMap();
        refit(run);
        return summary(run);
      }
      layout = plan.layout().map(run::layout).orElse(layout);
      plateMap = readPlateMap();
      List<Batch> batches = plan.batches(config.run());
      Optional<SumSettings> sums = illumination.inPass(batches);
      illumination.make(run, layout);
      PlanePass pass = new PlanePass(spark, clock, plan, config.input(), batches, sums);
      Set<String> changed = new LinkedHashSet<>();
      int of = batches.stream().mapToInt(Batch::images).sum();
      int committed = 0;
      for (int b = 0; b < Math.max(1, batches.size()); b++) {
        boolean last = b >= batches.size() - 1;
        List<Field> fields = batches.isEmpty() ? List.of() : batches.get(b).fields();
        Optional<PlaneReports> reports = reports(run, batches);
        ShareResult result =
            batches.isEmpty()
                ? new ShareResult()
                : pass.over(batches.get(b), settings(run, reports), run);
        illumination.add(run, layout, b, result.sums);
        List<Failure> failed = new ArrayList<>(b == 0 ? plan.failures() : List.of());
        failed.addAll(result.failures);
        Set<String> replaced = replaced(fields, failed);
        if (b == 0) {
          replaced.addAll(plan.work().going());
        }
        stage(run, result, failed, replaced);
        failures.addAll(failed);
        changed.addAll(replaced);
        done.add(result);
        if (last) {
          finish(run, changed, result.rendered, reports);
        } else {
          Run batch = run;
          reports.ifPresent(r -> report().stageBatch(batch, result.rendered, r.pages()));
        }
        int images = fields.size();
        Run batch = run;
        committed += images;
        clock.commit(
            committed,
            of,
            steps ->
                batch.commit(
                    last
                        ? facts.ofLast(images, failures, clock.seconds(), plateMap)
                        : facts.of(images, failed, clock.seconds()),
                    steps));
        if (!last) {
          run = run.next();
        }
      }
      return summary(run);
    } finally {
      run.close();
    }
  }

  /** The images whose rows and files a batch replaces. */
  private Set<String> replaced(List<Field> fields, List<Failure> failed) {
    Set<String> replaced = new LinkedHashSet<>();
    fields.forEach(f -> replaced.addAll(plan.work().outdated(f.listed())));
    failed.forEach(f -> replaced.addAll(plan.work().outdated(f.image())));
    replaced.removeAll(ids); // another image may have the id now, with rows of an earlier batch
    fields.forEach(f -> replaced.add(f.image()));
    failed.forEach(f -> replaced.add(f.image()));
    return replaced;
  }

  private void stage(Run run, ShareResult result, List<Failure> failed, Set<String> replaced) {
    clock.run(
        "commit",
        "staging tables",
        () -> {
          run.stage(result.files, replaced);
          if (!result.begun.isEmpty()) { // of images that failed after some of their planes
            Map<Table, Dataset<Row>> none = new EnumMap<>(Table.class);
            for (StagedFile file : result.files) {
              none.put(file.table(), spark.createDataFrame(List.of(), file.table().schema(layout)));
            }
            run.replace(none, result.begun);
          }
          run.stage(failedRows(run, failed), replaced(List.of(), failed));
          String folder = AnalysisSettings.files(run.scratch());
          Set<String> images = new LinkedHashSet<>(replaced);
          for (ImageFiles kind : ImageFiles.values()) {
            for (String image : images) {
              for (String name : kind.names(image)) {
                boolean isNew = result.images.contains(name);
                if (isNew || plan.work().isKnown(image)) {
                  run.replaceFile(name, isNew ? folder + "/" + name : null);
                }
              }
            }
          }
        });
  }

  private List<StagedFile> failedRows(Run run, List<Failure> failed) {
    if (failed.isEmpty()) {
      return List.of();
    }
    Map<String, Listing.ListedImage> byFile = new HashMap<>();
    Map<String, Listing.ListedImage> byId = new HashMap<>();
    for (Listing.ListedImage image : plan.work().todo()) {
      byId.put(image.image(), image);
      image.files().forEach(file -> byFile.put(file.path(), image));
    }
    plan.catalog().fields().forEach(f -> byId.put(f.image(), byId.get(f.listed())));
    ImagesTable rows = new ImagesTable(layout, run.id());
    try (TableFiles.Writer writer = run.files().open(Batch.MOST_SHARES)) {
      for (Failure failure : failed) {
        Optional<Listing.ListedImage> image =
            Optional.ofNullable(byId.getOrDefault(failure.image(), byFile.get(failure.file())));
        List<ImageFile> files = image.map(Listing.ListedImage::files).orElse(List.of());
        int series = image.map(i -> i.series(failure.image())).orElse(0);
        writer.write(
            Table.IMAGES,
            rows.failed(failure, series, files, plan.fingerprint().of(files, failure.groups())));
        writer.write(Table.ERRORS, rows.error(failure));
      }
      return writer.finish();
    }
  }

  private AnalysisSettings settings(Run run, Optional<PlaneReports> reports) {
    AnalysisSettings settings = AnalysisSettings.of(config, scope, plan, layout, run, true);
    return reports.map(settings::drawing).orElse(settings);
  }

  /** How planes are drawn; empty where they are drawn later, or not at all. */
  private Optional<PlaneReports> reports(Run run, List<Batch> batches) {
    if (!config.report().enabled() || isTogether()) {
      return Optional.empty();
    }
    long planes =
        plan.work().unchanged()
            + batches.stream()
                .flatMap(b -> b.fields().stream())
                .mapToLong(f -> (long) f.sizeZ() * f.sizeT())
                .sum();
    return Optional.of(report().planes(run, planes));
  }

  private ReportPipeline report() {
    return new ReportPipeline(spark, config, layout, hadoop, plateMap.rows());
  }

  /** Whether images share models. */
  private boolean isTogether() {
    return config.clustering().enabled() && !config.clustering().perImage();
  }

  /** What needs all images. */
  private void finish(
      Run run, Set<String> changed, List<Row> ofBatch, Optional<PlaneReports> reports) {
    illumination.stageRows(run, layout);
    flag(run);
    stagePlateMap(run);
    if (isTogether()) {
      together(run);
    }
    report(run, isTogether() ? null : changed, ofBatch, reports);
  }

  private RunPlateMap readPlateMap() {
    return RunPlateMap.read(config.input().plateMap(), spark, layout, hadoop);
  }

  private void stagePlateMap(Run run) {
    plateMap.stage(run, store.facts().getOrDefault(RunFacts.PLATE_MAP, ""));
  }

  private void flag(Run run) {
    if (config.quality().enabled()) {
      flagged =
          clock.supplied(
              "quality",
              "comparing images",
              () -> new FlagTable(config.quality(), layout).stage(run));
    }
  }

  private void together(Run run) {
    ManyImages many =
        new ManyImages(
            spark,
            config,
            clock,
            plan,
            AnalysisSettings.of(config, scope, plan, layout, run, false));
    done.selected.putAll(many.cluster(run));
    Set<String> failed = new LinkedHashSet<>();
    failures.forEach(f -> failed.add(f.image()));
    failed.addAll(flagged.excluded());
    many.paint(run, failed);
  }

  /** No image is to be read; but the tables may hold models or flags of other settings. */
  private void refit(Run run) {
    Map<String, String> before = store.facts();
    boolean clustered = facts.clustering().equals(before.get(RunFacts.CLUSTERING));
    boolean compared =
        !config.quality().enabled() || facts.quality().equals(before.get(RunFacts.QUALITY));
    boolean mapped = plateMap.state().equals(before.getOrDefault(RunFacts.PLATE_MAP, ""));
    boolean noReport =
        config.report().enabled() && !ReportPipeline.exists(config.output().path(), hadoop);
    illumination.make(run, layout);
    if (clustered && compared && mapped && !noReport && !illumination.isChanged()) {
      return;
    }
    illumination.stageRows(run, layout);
    if (!compared) {
      flag(run);
    }
    stagePlateMap(run);
    if (isTogether() && !(clustered && flagged.excluded().isEmpty())) {
      together(run);
    }
    Set<String> redrawn = clustered && compared && !noReport ? Set.of() : null;
    report(run, redrawn, List.of(), Optional.empty());
    clock.commit(
        0, 0, steps -> run.commit(facts.ofLast(0, List.of(), clock.seconds(), plateMap), steps));
  }

  /**
   * Brings the report up to date.
   *
   * @param changed images whose rows are other than before; null: all
   * @param ofBatch parts that were drawn in this batch
   */
  private void report(
      Run run, Set<String> changed, List<Row> ofBatch, Optional<PlaneReports> reports) {
    if (config.report().enabled()) {
      reportProblem =
          clock.supplied(
              "report",
              "writing the report",
              () ->
                  report()
                      .tryToStage(
                          run,
                          changed,
                          plan,
                          done.rendered,
                          ofBatch,
                          reports.map(PlaneReports::pages)));
    }
  }

  private RunSummary summary(Run run) {
    return new RunSummary(
        config.output().path(),
        run.id(),
        plan.listing().files(),
        plan.catalog().ignored(),
        done.complete.size(),
        plan.work().unchanged(),
        plan.work().missing().size(),
        failures,
        done.pixels,
        plan.network().isPresent() && !plan.isNothing()
            ? OptionalLong.of(done.nuclei)
            : OptionalLong.empty(),
        plan.network().isPresent()
                && !plan.isNothing()
                && config.cells().enabledFor(layout.channelNames())
            ? OptionalLong.of(done.cells)
            : OptionalLong.empty(),
        layout.channelNames(),
        ClusterLines.of(String.join(", ", config.clustering().scope()), done.selected),
        done.warnings,
        flagged.fields(),
        flagged.excluded().size(),
        reportProblem.isPresent() ? Optional.empty() : ReportPipeline.page(config, hadoop),
        reportProblem,
        clock.seconds());
  }
}
