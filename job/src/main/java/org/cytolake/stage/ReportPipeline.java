package org.cytolake.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.cytolake.config.ConfigLoader;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.output.Layout;
import org.cytolake.output.Run;
import org.cytolake.output.Table;
import org.cytolake.output.TableStore;
import org.cytolake.output.TableStores;
import org.cytolake.report.Report;
import org.cytolake.source.Field;
import org.cytolake.source.ImageCatalog;
import org.cytolake.source.Listing;
import org.cytolake.source.SourceOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the report, as the last step of a run or by itself from the tables of an output. */
public final class ReportPipeline {
  /** Name of the fact by which a run keeps its configuration. */
  static final String CONFIGURATION = "configuration";

  private static final Logger LOG = LoggerFactory.getLogger(ReportPipeline.class);

  private final SparkSession spark;
  private final CytolakeConfig config;
  private final Layout layout;
  private final Configuration hadoop;

  ReportPipeline(SparkSession spark, CytolakeConfig config, Layout layout, Configuration hadoop) {
    this.spark = spark;
    this.config = config;
    this.layout = layout;
    this.hadoop = hadoop;
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
      Map<String, String> facts = store.facts();
      String text =
          Optional.ofNullable(facts.get(CONFIGURATION))
              .orElseThrow(
                  () ->
                      new CytolakeException(
                          Code.USAGE,
                          "The tables in " + output + " do not say how they were made.",
                          "Run analyze again, which writes the report too."));
      CytolakeConfig config = ConfigLoader.stored(text, output, settings);
      Configuration hadoop = spark.sessionState().newHadoopConf();
      new ReportPipeline(spark, config, store.layout(), hadoop)
          .stage(run, null, listing(config, hadoop), List.of());
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
   * As {@link #stage}; a report that fails costs the report, not the tables.
   *
   * @return why there is none; empty where there is
   */
  Optional<String> tryToStage(Run run, Set<String> changed, Listing listing, List<Field> known) {
    try {
      stage(run, changed, listing, known);
      return Optional.empty();
    } catch (Exception e) { // Spark throws checked exceptions that it does not declare
      LOG.warn("The report could not be written", e);
      return Optional.of(e.toString());
    }
  }

  /**
   * Stages the report.
   *
   * @param changed images whose rows are other than before; null: all
   * @param listing where other images than the known are found
   * @param known images whose headers have been read
   */
  private void stage(Run run, Set<String> changed, Listing listing, List<Field> known) {
    new Report(spark, config, layout, hadoop)
        .stage(run, changed, names -> fields(run, names, listing, known));
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
      ImageCatalog catalog = ImageCatalog.load(options, listing, images, hadoop, spark);
      return CatalogLayout.fit(catalog, layout, config.output().path()).fields();
    } catch (CytolakeException e) {
      LOG.warn("The report has no pictures of some images: {}", e.getMessage());
      return List.of();
    }
  }
}
