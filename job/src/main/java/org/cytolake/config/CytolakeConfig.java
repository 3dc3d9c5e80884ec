package org.cytolake.config;

import com.typesafe.config.Config;
import java.util.List;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.image.Region;

/**
 * The configuration of a run; {@code conf/cytolake.conf} documents every key.
 *
 * @param input which images
 * @param output where the tables go
 * @param histograms how intensities are counted
 * @param exploration what is computed from the counts
 * @param clustering how pixels are clustered
 * @param segmentation how nuclei are found
 * @param quality how images are measured and flagged
 * @param illumination how uneven light is found and taken out
 * @param cells how cells are found around nuclei
 * @param report whether and how the report is written
 * @param run how the run behaves
 * @param text all of it as JSON, paths of this machine made absolute: what {@link
 *     ConfigLoader#stored} takes
 */
public record CytolakeConfig(
    Input input,
    Output output,
    Histograms histograms,
    Exploration exploration,
    Clustering clustering,
    SegmentationOptions segmentation,
    QualityOptions quality,
    IlluminationOptions illumination,
    CellOptions cells,
    Report report,
    RunSettings run,
    String text) {

  /**
   * Section {@code input}.
   *
   * @param plateMap a CSV file with what was done to the wells; empty: none
   * @param level of an OME-Zarr pyramid: its number, or the wanted size of pixels
   * @param fileSeconds that a file's header may take, and each 16777216 samples of its pixels
   * @param restSeconds so long the files of an image that is waited for must not have changed
   */
  public record Input(
      List<String> paths,
      String pattern,
      String channels,
      String plateMap,
      String z,
      String level,
      boolean recursive,
      int tilePixels,
      long partitionPixels,
      int fileSeconds,
      int restSeconds) {
    public Input {
      paths = List.copyOf(paths);
    }
  }

  /**
   * Section {@code output}.
   *
   * @param labelImages some of {@code nuclei}, {@code cells}, {@code clusters}
   * @param labelFormat as what they, and illumination functions, are written
   * @param pixels whether the table of pixels is written
   * @param format {@code parquet} or {@code iceberg}
   * @param catalog Spark's name of an Iceberg catalogue, and a namespace in it, with dots between;
   *     empty: a Hadoop catalogue in the folder
   */
  public record Output(
      String path,
      List<String> labelImages,
      LabelFormat labelFormat,
      boolean pixels,
      String format,
      String catalog) {
    public static final String ICEBERG = "iceberg";

    public Output {
      labelImages = labelImages.stream().distinct().sorted().toList();
      if (!catalog.isEmpty() && !format.equals(ICEBERG)) {
        throw new CytolakeException(
            Code.USAGE,
            "output.catalog is " + catalog + ", but output.format is " + format + ".",
            "Set output.format = iceberg, or leave output.catalog empty.");
      }
      if (path.isBlank()) {
        throw new CytolakeException(
            Code.USAGE, "output.path is empty.", "Name the folder of the tables.");
      }
    }

    /**
     * The label images of all objects.
     *
     * @param cells whether there are cells
     */
    public static List<String> ofObjects(boolean cells) {
      return cells ? List.of("nuclei", "cells") : List.of("nuclei");
    }
  }

  /** Section {@code histograms}. */
  public record Histograms(int bins, long maxTuples) {}

  /**
   * Section {@code clustering}.
   *
   * @param scope {@code image}, {@code dataset}, or names of the pattern's groups
   * @param channels any number, or {@code all}; empty: the first and the last, of the composite
   *     where values are the composite's
   * @param reference of normalised values; empty: the first
   * @param pixels {@code positive}, {@code stained}, {@code none}, or a region's name
   * @param regularization added to every variance, squared units; 0: that of rounding
   * @param model output of an earlier run whose models label the pixels; empty: models are fitted
   * @param options of single methods
   */
  public record Clustering(
      boolean enabled,
      List<String> scope,
      List<String> channels,
      String values,
      String reference,
      boolean standardize,
      String pixels,
      List<Integer> k,
      List<String> methods,
      int starts,
      int datasetStarts,
      long seed,
      int maxIterations,
      double tolerance,
      double regularization,
      boolean exactSilhouette,
      String model,
      boolean responsibilities,
      ClusterOptions options)
      implements java.io.Serializable {
    public static final String IMAGE = "image";

    /** In {@code channels}: every channel. */
    public static final String ALL = "all";

    public static final String DATASET = "dataset";

    public Clustering {
      scope = List.copyOf(scope);
      channels = List.copyOf(channels);
      k = k.stream().distinct().sorted().toList();
      methods = methods.stream().distinct().sorted().toList();
      if (!model.isEmpty() && scope.equals(List.of(IMAGE))) {
        throw new CytolakeException(
            Code.USAGE,
            "clustering.model is "
                + model
                + ", but clustering.scope is image: each image has models of its own, which say"
                + " nothing about other images.",
            "Set clustering.scope to what those models were fitted to: dataset, or groups of the"
                + " pattern.");
      }
    }

    /**
     * The channels to cluster by.
     *
     * @param all channels of the images
     * @param exploration with channels named
     * @throws CytolakeException (USAGE) where the settings name others
     */
    public List<String> channelsOf(List<String> all, Exploration exploration) {
      boolean ofComposite = values.equals("normalized") || values.equals("equalized");
      List<String> among = ofComposite ? exploration.composite() : all;
      if (channels.isEmpty()) {
        return among.size() == 1 ? among : List.of(among.get(0), among.get(among.size() - 1));
      }
      if (channels.equals(List.of(ALL)) && !all.contains(ALL)) {
        return among;
      }
      if (channels.stream().distinct().count() < channels.size() || !all.containsAll(channels)) {
        throw new CytolakeException(
            Code.USAGE,
            "clustering.channels is "
                + channels
                + ", but the channels are "
                + String.join(", ", all)
                + ".",
            "Name some of them, write all, or leave it empty for the first and the last.");
      }
      return channels;
    }

    /** The channel whose normalisation gives normalised values. */
    public String referenceOf(Exploration exploration) {
      return reference.isEmpty() ? exploration.references().get(0) : reference;
    }

    /** Whether each image has models of its own. */
    public boolean perImage() {
      return scope.equals(List.of(IMAGE));
    }

    Clustering disabled() {
      return new Clustering(
          false,
          scope,
          channels,
          values,
          reference,
          standardize,
          pixels,
          k,
          methods,
          starts,
          datasetStarts,
          seed,
          maxIterations,
          tolerance,
          regularization,
          exactSilhouette,
          model,
          responsibilities,
          options);
    }

    /** Whether all images share one model. */
    public boolean ofDataset() {
      return scope.equals(List.of(DATASET));
    }

    /** How often a fit starts anew. */
    public int fitStarts() {
      return ofDataset() ? datasetStarts : starts;
    }
  }

  /**
   * Section {@code report}.
   *
   * @param inlineImages most images whose details the first page holds
   */
  public record Report(boolean enabled, int inlineImages) {}

  /**
   * The same for nuclei alone: they are segmented, pixels are not clustered, and no region need lie
   * in the images.
   */
  public CytolakeConfig onlyNuclei() {
    return only(segmentation.always(), quality.switched(false), List.of());
  }

  /** The same for the quality of images alone. */
  public CytolakeConfig onlyQuality() {
    return only(segmentation.never(), quality.switched(true), exploration.regions());
  }

  private CytolakeConfig only(
      SegmentationOptions nuclei, QualityOptions ofImages, List<Region> regions) {
    return new CytolakeConfig(
        input,
        output,
        histograms,
        exploration.withoutChannels(regions),
        clustering.disabled(),
        nuclei,
        ofImages,
        illumination,
        cells,
        new Report(false, report.inlineImages()),
        run,
        text);
  }

  /**
   * Whether the clusters of the pixels of nuclei and cells are counted; unless settings say so, not
   * where that takes a pass of its own over the images.
   *
   * @param cells whether cells are looked for
   */
  public boolean countsShares(boolean cells) {
    boolean painted = output.pixels() || output.labelImages().contains("clusters");
    boolean cheap = painted && output.labelImages().containsAll(Output.ofObjects(cells));
    return clustering.options().shares().orElse(clustering.perImage() || cheap);
  }

  static CytolakeConfig of(Config config, String text) {
    Values v = new Values(config);
    return new CytolakeConfig(
        new Input(
            v.strings("input.paths"),
            v.text("input.pattern"),
            v.text("input.channels"),
            v.text("input.plate-map"),
            v.text("input.z"),
            v.text("input.level"),
            v.bool("input.recursive"),
            (int) v.integer("input.tile-pixels", 1 << 10, 1 << 26),
            v.integer("input.partition-pixels", 1 << 10, Integer.MAX_VALUE),
            (int) v.integer("input.file-seconds", 1, 86_400),
            (int) v.integer("input.rest-seconds", 0, 86_400)),
        new Output(
            v.text("output.path"),
            v.someOf("output.label-images", List.of("nuclei", "cells", "clusters")),
            LabelFormat.of(v, "output.label-format"),
            v.bool("output.pixels"),
            v.oneOf("output.format", List.of("parquet", Output.ICEBERG)),
            v.text("output.catalog")),
        new Histograms(
            (int) v.integer("histograms.bins", 1, 65_536),
            v.integer("histograms.max-tuples", 1 << 10, 1L << 40)),
        Exploration.of(v),
        new Clustering(
            v.bool("clustering.enabled"),
            v.strings("clustering.scope"),
            v.strings("clustering.channels"),
            v.oneOf("clustering.values", List.of("normalized", "equalized", "raw", "log")),
            v.text("clustering.reference"),
            v.bool("clustering.standardize"),
            v.text("clustering.pixels"),
            v.integers("clustering.k", 1, 64),
            v.oneOfEach("clustering.methods", ClusterOptions.METHODS),
            (int) v.integer("clustering.starts", 1, 100),
            (int) v.integer("clustering.dataset-starts", 1, 100),
            v.integer("clustering.seed", Long.MIN_VALUE, Long.MAX_VALUE),
            (int) v.integer("clustering.max-iterations", 1, 10_000),
            v.positive("clustering.tolerance"),
            v.positiveOr("clustering.regularization", "rounding"),
            v.bool("clustering.exact-silhouette"),
            v.text("clustering.model"),
            v.bool("clustering.responsibilities"),
            ClusterOptions.of(v)),
        SegmentationOptions.of(v),
        QualityOptions.of(v),
        IlluminationOptions.of(v),
        CellOptions.of(v),
        new Report(v.bool("report.enabled"), (int) v.integer("report.inline-images", 0, 1000)),
        RunSettings.of(v),
        text);
  }
}
