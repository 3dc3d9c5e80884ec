package org.cytolake.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.Listing;
import org.cytolake.catalog.PlateMapTable;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.facts.ReportSettings;
import org.cytolake.field.Field;
import org.cytolake.plan.CatalogLayout;
import org.cytolake.plan.PlannedRun;
import org.cytolake.report.ImagePages;
import org.cytolake.report.PlaneReports;
import org.cytolake.report.Report;
import org.cytolake.store.Run;
import org.cytolake.store.TableStore;
import org.cytolake.store.TableStores;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the report, as the last step of a run or by itself from the tables of an output. */
public final class ReportPipeline {
  private static final Logger LOG = LoggerFactory.getLogger(ReportPipeline.class);

  private final SparkSession spark;
  private final CytolakeConfig config;
  private final Layout layout;
  private final Configuration hadoop;
  private final Optional<Dataset<Row>> plateMap;

  ReportPipeline(
      SparkSession spark,
      CytolakeConfig config,
      Layout layout,
      Configuration hadoop,
      Optional<Dataset<Row>> plateMap) {
    this.spark = spark;
    this.config = config;
    this.layout = layout;
    this.hadoop = hadoop;
    this.plateMap = plateMap;
  }

  /**
   * Writes the report of an output again.
   *
   * @param settings {@code key=value} each, beside those of the run that wrote the tables
   * @return path of the first page
   * @throws CytolakeException USAGE where the output holds no tables
   */
  public static String rewrite(SparkSession spark, String output, List<String> settings) {
    TableStore store =
        TableStores.writer(spark, output)
            .orElseThrow(
                () ->
                    new CytolakeException(
                        Code.USAGE,
                        "There are no tables in " + output + ".",
                        "Name the output folder of an analyze run with --output."));
    try (Run run = store.begin()) {
      Map<String, String> facts = new LinkedHashMap<>(store.facts());
      String text =
          Optional.ofNullable(facts.get(RunFacts.CONFIGURATION))
              .orElseThrow(
                  () ->
                      new CytolakeException(
                          Code.USAGE,
                          "The tables in " + output + " do not say how they were made.",
                          "Run analyze again, which writes the report too."));
      CytolakeConfig config = ConfigLoader.stored(text, output, settings);
      AnalyzePipeline.readAs(config.input(), spark);
      Configuration hadoop = spark.sessionState().newHadoopConf();
      Optional<Dataset<Row>> plateMap = PlateMapTable.stored(spark, output);
      if (settings.stream().anyMatch(s -> s.startsWith("input.plate-map="))) {
        RunPlateMap given =
            RunPlateMap.read(config.input().plateMap(), spark, store.layout(), hadoop);
        given.stage(run, facts.getOrDefault(RunFacts.PLATE_MAP, ""));
        facts.put(RunFacts.PLATE_MAP, given.state());
        plateMap = given.rows();
      }
      ReportPipeline pipeline = new ReportPipeline(spark, config, store.layout(), hadoop, plateMap);
      Listing listing = listing(config, hadoop);
      pipeline
          .report()
          .stage(
              run,
              List.of(),
              List.of(),
              null,
              null,
              names -> pipeline.fields(run, names, listing, List.of()));
      run.commit(facts);
    }
    return output + "/" + Report.FOLDER + "/index.html";
  }

  /** Null where the input is gone; then there is a report without pictures. */
  private static Listing listing(CytolakeConfig config, Configuration hadoop) {
    try {
      return Listing.of(AnalyzePipeline.sourceOptions(config.input()), hadoop);
    } catch (CytolakeException e) {
      LOG.warn("The report has no pictures of images: {}", e.getMessage());
      return null;
    }
  }

  static boolean exists(String output, Configuration hadoop) {
    Path page = new Path(output, Report.FOLDER + "/index.html");
    try {
      return page.getFileSystem(hadoop).exists(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first page's path; empty where there is none. */
  static Optional<String> page(CytolakeConfig config, Configuration hadoop) {
    String output = config.output().path();
    return config.report().enabled() && exists(output, hadoop)
        ? Optional.of(output + "/" + Report.FOLDER + "/index.html")
        : Optional.empty();
  }

  /**
   * How planes are drawn while they are analysed.
   *
   * @param images that the report will show
   */
  PlaneReports planes(Run run, long images) {
    return new PlaneReports(
        ReportSettings.of(config, layout.channelNames()),
        layout,
        layout.channels().stream().map(ChannelColumn::type).toList(),
        report().pages(run, images));
  }

  private Report report() {
    return new Report(spark, config, layout, hadoop, plateMap);
  }

  /** Stages what was drawn in a batch that is not the last. */
  void stageBatch(Run run, List<Row> drawn, ImagePages pages) {
    report().stage(run, drawn, pages);
  }

  /**
   * Stages the report; one that fails costs the report, not the tables.
   *
   * @param changed images whose rows are other than before; null: all
   * @param plan where other images than those drawn are found
   * @param drawn parts of images that were drawn in this run
   * @param ofBatch those of the batch under way
   * @param pages where parts went; empty where none was drawn
   * @return why there is none; empty where there is
   */
  Optional<String> tryToStage(
      Run run,
      Set<String> changed,
      PlannedRun plan,
      List<Row> drawn,
      List<Row> ofBatch,
      Optional<ImagePages> pages) {
    try {
      report()
          .stage(
              run,
              drawn,
              ofBatch,
              pages.orElse(null),
              changed,
              names -> fields(run, names, plan.listing(), plan.catalog().fields()));
      return Optional.empty();
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      LOG.warn("The report could not be written", e);
      return Optional.of(e.toString());
    }
  }

  private List<Field> fields(Run run, Set<String> names, Listing listing, List<Field> known) {
    Set<String> missing = new LinkedHashSet<>(names);
    known.forEach(f -> missing.remove(f.image()));
    List<Field> fields = new ArrayList<>(known);
    if (!missing.isEmpty() && listing != null) {
      fields.addAll(headers(run, missing, listing));
    }
    return fields;
  }

  private List<Field> headers(Run run, Set<String> missing, Listing listing) {
    Set<String> files = new HashSet<>();
    run.read(Table.IMAGES)
        .select("image", "files.path")
        .toLocalIterator()
        .forEachRemaining(
            row -> {
              if (missing.contains(row.getString(0))) {
                files.addAll(row.getList(1));
              }
            });
    List<Listing.ListedImage> images =
        listing.images().stream().filter(i -> files.contains(i.files().get(0).path())).toList();
    if (images.isEmpty()) {
      return List.of();
    }
    SourceOptions options = AnalyzePipeline.sourceOptions(config.input());
    try {
      ImageCatalog catalog =
          ImageCatalog.load(options, listing, images, hadoop, spark).requireChannels();
      return CatalogLayout.fit(catalog, layout, config.output().path()).fields();
    } catch (CytolakeException e) {
      LOG.warn("The report has no pictures of some images: {}", e.getMessage());
      return List.of();
    }
  }
}
