package org.cytolake.report;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.facts.FactTable;
import org.cytolake.facts.ImageKey;
import org.cytolake.facts.ReportSettings;
import org.cytolake.field.Field;
import org.cytolake.illumination.CorrectionSettings;
import org.cytolake.illumination.IlluminationGroups;
import org.cytolake.store.Run;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/**
 * Writes the report of an output folder: {@code report/index.html}, which holds all there is to see
 * of up to {@code report.inline-images} images; beyond that each image has a page of its own in
 * {@code report/images}.
 */
public final class Report {
  /** The report's folder, relative to the output. */
  public static final String FOLDER = "report";

  private static final String[] LIBRARIES = {
    "/META-INF/resources/webjars/echarts/5.3.1/dist/echarts.min.js",
    "/META-INF/resources/webjars/d3-array/3.2.4/dist/d3-array.min.js",
    "/META-INF/resources/webjars/d3-contour/4.0.2/dist/d3-contour.min.js"
  };

  private static final List<String> SCRIPTS =
      List.of(
          "plots.js",
          "image.js",
          "plates.js",
          "montage.js",
          "illumination.js",
          "dataset.js",
          "report.js");

  /** Images whose rows one task brings together, where there are many. */
  private static final int IMAGES_PER_TASK = 16;

  private static final int MOST_NAMED = 500;

  private final SparkSession spark;
  private final CytolakeConfig config;
  private final Layout layout;
  private final Configuration hadoop;
  private final ReportSettings settings;
  private final Optional<Dataset<Row>> plateMap;

  /**
   * @param config of the run that wrote the tables
   * @param plateMap what was done to the wells, as {@link org.cytolake.catalog.PlateMapTable} has
   *     it
   */
  public Report(
      SparkSession spark,
      CytolakeConfig config,
      Layout layout,
      Configuration hadoop,
      Optional<Dataset<Row>> plateMap) {
    this.spark = spark;
    this.config = config;
    this.layout = layout;
    this.hadoop = hadoop;
    this.settings = ReportSettings.of(config, layout.channelNames());
    this.plateMap = plateMap;
  }

  /**
   * Where the parts of single images go.
   *
   * @param images that the report will show
   */
  public ImagePages pages(Run run, long images) {
    return ImagePages.of(folder(run), images > config.report().inlineImages());
  }

  private static ReportFolder folder(Run run) {
    return new ReportFolder(run.scratch() + "/" + FOLDER);
  }

  /** Stages the pages of a batch that is not the last. */
  public void stage(Run run, List<Row> drawn, ImagePages pages) {
    for (Row image : drawn) {
      for (String file : pages.files(image)) {
        run.replaceFile(FOLDER + "/" + file, pages.folder().at(file));
      }
    }
  }

  /**
   * Puts the report together and stages it.
   *
   * @param drawn parts that were drawn already, of this batch and of those before
   * @param ofBatch those of this batch
   * @param pages where parts go; null: as the number of images says
   * @param changed images whose pages are made anew unless they are drawn; null: all
   * @param fields finds out how images are read, by their ids; those that it leaves out get no
   *     pictures
   */
  public void stage(
      Run run,
      List<Row> drawn,
      List<Row> ofBatch,
      ImagePages pages,
      Set<String> changed,
      Function<Set<String>, List<Field>> fields) {
    DataSetJson.Totals totals = DataSetJson.totals(run.read(Table.IMAGES));
    ImagePages into = pages == null ? pages(run, totals.complete()) : pages;
    Set<String> before = into.pages() ? pagesThere() : Set.of();
    Set<ImageKey> complete = complete(run);
    Set<ImageKey> there = new HashSet<>();
    drawn.forEach(row -> there.add(ImageKey.of(row)));
    Set<String> missing = new TreeSet<>();
    for (ImageKey key : complete) {
      boolean current = before.contains(key.fileName() + ".html");
      if (!there.contains(key) && (!current || changed == null || changed.contains(key.image()))) {
        missing.add(key.image());
      }
    }
    List<Row> rendered = new ArrayList<>(render(run, into, missing, fields));
    List<Row> ofNow = new ArrayList<>(ofBatch);
    ofNow.addAll(rendered);
    rendered.addAll(drawn);
    writeIndex(run, into.folder(), totals, rendered, into.pages(), before);
    if (before.isEmpty()) {
      run.replaceFile(FOLDER, into.folder().path());
    } else {
      stagePages(run, into, ofNow, complete, before);
    }
  }

  private Set<ImageKey> complete(Run run) {
    Dataset<Row> images =
        run.read(Table.IMAGES).where("status = 'ok'").select("image", "series", "z", "t");
    return Interpreted.rows(
        images.sparkSession(),
        () -> {
          Set<ImageKey> keys = new HashSet<>();
          images.toLocalIterator().forEachRemaining(r -> keys.add(ImageKey.of(r)));
          return keys;
        });
  }

  /** Names of the pages that an earlier report left. */
  private Set<String> pagesThere() {
    Path folder = new Path(config.output().path(), FOLDER + "/images");
    Set<String> names = new HashSet<>();
    try {
      for (FileStatus file : folder.getFileSystem(hadoop).listStatus(folder)) {
        names.add(file.getPath().getName());
      }
    } catch (FileNotFoundException e) {
      return Set.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names;
  }

  private List<Row> render(
      Run run, ImagePages pages, Set<String> drawn, Function<Set<String>, List<Field>> fields) {
    if (drawn.isEmpty()) {
      return List.of();
    }
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Map<String, Field> readable = new HashMap<>();
    fields.apply(drawn).forEach(f -> readable.put(f.image(), f));
    FactTable table = new FactTable(run::read, settings, layout.groups());
    Dataset<Row> facts = table.rows(drawn.size() > MOST_NAMED ? null : drawn);
    RenderImages images =
        new RenderImages(
            settings,
            layout.groups(),
            layout.channels().stream().map(ChannelColumn::type).toList(),
            context.broadcast(readable),
            context.broadcast(new SerializableConfiguration(hadoop)),
            pages,
            CorrectionSettings.of(
                    config,
                    IlluminationGroups.named(config.illumination(), layout.groups()),
                    layout.channelNames(),
                    run.scratch())
                .orElse(null));
    int tasks =
        Math.max(
            1,
            Math.min(
                drawn.size(),
                Math.max(2 * context.defaultParallelism(), drawn.size() / IMAGES_PER_TASK)));
    return facts
        .repartition(tasks, functions.col("image"), functions.col("z"), functions.col("t"))
        .sortWithinPartitions("image", "series", "z", "t")
        .mapPartitions(images, Encoders.row(ImagePages.SCHEMA))
        .collectAsList();
  }

  private static String scripts() {
    StringBuilder all = new StringBuilder();
    for (String library : LIBRARIES) {
      all.append(Html.resource(library)).append('\n');
    }
    for (String own : SCRIPTS) {
      all.append(Html.resource(own)).append('\n');
    }
    return all.toString();
  }

  private void writeIndex(
      Run run,
      ReportFolder folder,
      DataSetJson.Totals totals,
      List<Row> rendered,
      boolean pages,
      Set<String> before) {
    Map<String, Object> tree =
        new DataSetJson(run::read, settings, layout, config.quality().scales()).tree(totals);
    tree.put("kind", "index");
    tree.put(
        "illumination",
        IlluminationJson.of(
            config.illumination().made()
                ? run.read(Table.ILLUMINATION_FUNCTIONS).where("path is not null").collectAsList()
                : List.of(),
            layout.groups(),
            List.of(run.scratch(), config.output().path()),
            hadoop));
    tree.put("plateMap", plateMap.map(DataSetJson::rows).orElse(null));
    tree.put("run", run.id());
    tree.put("written", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    String version = Report.class.getPackage().getImplementationVersion();
    tree.put("version", version == null ? "" : version);
    tree.put("details", details(rendered, pages, before, tree));
    StringBuilder data = new StringBuilder();
    data.append(Html.data("data", Html.json(tree)));
    for (int i = 0; i < rendered.size() && !pages; i++) {
      data.append("<script type=\"application/json\" id=\"image-").append(i).append("\">");
      data.append(rendered.get(i).getString(4)).append("</script>\n");
    }
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("title", "Cytolake report");
    parts.put("home", "");
    parts.put("style", Html.resource("report.css"));
    parts.put("data", data.toString());
    if (pages) {
      folder.write("plots.js", scripts(), hadoop);
      parts.put("scripts", "<script src=\"plots.js\"></script>");
    } else {
      // a script ends at the first </script, wherever it stands
      parts.put("scripts", "<script>" + scripts().replace("</script", "<\\/script") + "</script>");
    }
    folder.write("index.html", Html.fill(Html.resource("page.html"), parts), hadoop);
  }

  /** Where the first page finds what there is to see of each image. */
  private List<Map<String, Object>> details(
      List<Row> rendered, boolean pages, Set<String> before, Map<String, Object> tree) {
    Map<ImageKey, Map<String, Object>> byImage = new LinkedHashMap<>();
    if (pages) {
      @SuppressWarnings("unchecked") // made by DataSetJson
      List<List<Object>> images =
          ((Map<String, List<List<Object>>>) tree.get("images")).get("rows");
      for (List<Object> row : images) {
        ImageKey key =
            new ImageKey(
                (String) row.get(0),
                (Integer) row.get(1),
                (Integer) row.get(2),
                (Integer) row.get(3));
        if (before.contains(key.fileName() + ".html")) {
          boolean small = before.contains(key.fileName() + ".jpg");
          put(
              byImage,
              key,
              null,
              small ? "images/" + key.fileName() + ".jpg" : null,
              small ? ImagePages.tiles(key.fileName()) : null);
        }
      }
    }
    for (int i = 0; i < rendered.size(); i++) {
      Row row = rendered.get(i);
      String inline = pages ? null : "image-" + i;
      put(byImage, ImageKey.of(row), inline, row.getString(5), row.getString(6));
    }
    return new ArrayList<>(byImage.values());
  }

  private static void put(
      Map<ImageKey, Map<String, Object>> details,
      ImageKey key,
      String inline,
      String thumbnail,
      String tiles) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("image", key.image());
    detail.put("series", key.series());
    detail.put("z", key.z());
    detail.put("t", key.t());
    if (inline == null) {
      detail.put("page", "images/" + key.fileName() + ".html");
    } else {
      detail.put("inline", inline);
    }
    detail.put("thumbnail", thumbnail);
    detail.put("tiles", tiles);
    details.put(key, detail);
  }

  /** Only what is new, and takes away pages of images that are gone. */
  private void stagePages(
      Run run, ImagePages pages, List<Row> drawn, Set<ImageKey> complete, Set<String> before) {
    Set<String> gone = new TreeSet<>(before);
    for (ImageKey key : complete) {
      gone.remove(key.fileName() + ".html");
      gone.remove(key.fileName() + ".jpg");
    }
    for (String file : gone) {
      run.replaceFile(FOLDER + "/images/" + file, null);
      if (file.endsWith(".html")) {
        String name = file.replaceFirst("\\.html$", "");
        run.replaceFile(FOLDER + "/cells/" + name, null);
        run.replaceFile(FOLDER + "/" + ImagePages.tiles(name), null);
      }
    }
    stage(run, drawn, pages);
    for (String file : List.of("index.html", "plots.js")) {
      run.replaceFile(FOLDER + "/" + file, pages.folder().at(file));
    }
  }
}
