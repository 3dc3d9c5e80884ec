package org.cytolake.tables;

import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.types.StructType;

/** The tables of an output folder. */
public enum Table {
  /** One row per image. */
  IMAGES("One row per image, failed ones included: what it is and how its analysis went."),
  /** One row per image, region and channel. */
  CHANNEL_STATS("One row per image, region and channel: the statistics of its intensities."),
  /** One row per image, region, transform, channel and bin. */
  HISTOGRAMS("One row per bin of a channel's histogram, with numpy's edges: the last is closed."),
  /** One row per image, region and tuple of intensities. */
  JOINT_HISTOGRAMS(
      "One row per image, region and distinct tuple of intensities. One or two channels: one set of"
          + " tuples; more: one set per pair of channels, the other channels NULL."),
  /** One row per look-up table and raw value. */
  LOOKUP_TABLES(
      "One row per image, transform, channel and raw value that occurs: what the transform makes of"
          + " it."),
  /** One row per image, region, reference and tuple of normalised intensities. */
  NORMALIZED_JOINT_HISTOGRAMS(
      "One row per image, region, reference channel and distinct tuple of normalised intensities."),
  /** One row per image, region, channel pair and cell with pixels. */
  HISTOGRAMS_2D(
      "One row per cell with pixels of the two-dimensional histogram of two normalised channels,"
          + " with numpy's edges."),
  /** One row per image, channel pair and grid point. */
  DENSITY("One row per grid point of the kernel density of two normalised channels."),
  /** One row per image, channel pair and contour. */
  DENSITY_LEVELS("One row per contour of a kernel density, at iso-proportions of its mass."),
  /** One row per image, region or nucleus, and channel pair. */
  COLOCALIZATION(
      "One row per image, region or nucleus, and channel pair: how the intensities go together."),
  /** One row per image and distinct tuple of values that pixels are clustered by. */
  CLUSTER_VALUES(
      "One row per image and distinct tuple of the values that pixels are clustered by."),
  /** One row per fitted model. */
  CLUSTER_MODELS(
      "One row per model fitted to the pixels of an image, a group of images or all, and how well"
          + " it fits."),
  /** One row per cluster of a model. */
  CLUSTERS("One row per cluster of a model."),
  /** One row per tuple of values. */
  CLUSTER_LABELS("One row per distinct tuple of values: the cluster it belongs to in every model."),
  /** One row per nucleus, cell or cytoplasm, model and cluster. */
  CLUSTER_SHARES(
      "One row per nucleus, cell or cytoplasm, selected model and cluster: how many of its pixels"
          + " belong to the cluster."),
  /** One row per nucleus. */
  NUCLEI("One row per nucleus: where it is, its shape, and the intensities of its pixels."),
  /** One row per cell. */
  CELLS(
      "One row per cell around a nucleus, nucleus included: its shape, the intensities of its"
          + " pixels, and how its nucleus compares with its cytoplasm."),
  /** One row per cell that is more than its nucleus. */
  CYTOPLASM("One row per cell without its nucleus: its shape and the intensities of its pixels."),
  /** One row per pixel. */
  PIXELS(
      "One row per pixel: its intensities, its nucleus, its cell and its clusters. Empty unless"
          + " output.pixels is set."),
  /** One row per image, region and channel. */
  IMAGE_QUALITY(
      "One row per image, region and channel: how far it can be trusted, as CellProfiler's"
          + " MeasureImageQuality says it."),
  /** One row per image, channel and flag. */
  FLAGS(
      "One row per image, channel and flag: what is unusual about it on its plate, and what to try."
          + " Made anew by every run."),
  /** One row per group of images and channel. */
  ILLUMINATION_FUNCTIONS(
      "One row per plate (or other group of images) and channel: how uneven the light is over the"
          + " field. Empty unless illumination.method is set."),
  /** One row per failure. */
  ERRORS("One row per failure: which file, at which stage, why, and what to do.");

  private final String description;

  Table(String description) {
    this.description = description;
  }

  /** The folder under the output, which is also the table's name: lower case with underscores. */
  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What a row is, in a sentence. */
  public String description() {
    return description;
  }

  /**
   * Whether rows may be of no one image: failures that concern none, models and illumination
   * functions of several images. They belong to the last run that wrote the table.
   */
  public boolean mayLackImage() {
    return switch (this) {
      case ERRORS, CLUSTER_MODELS, CLUSTERS, CLUSTER_LABELS, ILLUMINATION_FUNCTIONS -> true;
      default -> false;
    };
  }

  /**
   * The columns, in order. Each has a comment that gives its meaning, unit and range; the fields of
   * structs too. Every column is nullable for Spark, as it is for any Parquet table that Spark
   * reads; the comment says where NULL occurs.
   */
  public StructType schema(Layout layout) {
    return Schemas.schema(this, Schemas.Names.of(layout.groups(), layout.channels()));
  }

  /** The columns by which the rows of a file are ordered. */
  public List<String> order() {
    return switch (this) {
      case IMAGES -> List.of("image", "series", "z", "t");
      case CHANNEL_STATS -> List.of("image", "series", "z", "t", "region", "channel");
      case HISTOGRAMS ->
          List.of(
              "image", "series", "z", "t", "region", "transform", "reference", "channel", "bin");
      case JOINT_HISTOGRAMS -> List.of("image", "series", "z", "t", "region");
      case LOOKUP_TABLES ->
          List.of("image", "series", "z", "t", "transform", "reference", "channel", "value");
      case NORMALIZED_JOINT_HISTOGRAMS ->
          List.of("image", "series", "z", "t", "region", "reference");
      case HISTOGRAMS_2D ->
          List.of(
              "image",
              "series",
              "z",
              "t",
              "region",
              "reference",
              "x_channel",
              "y_channel",
              "x_bin",
              "y_bin");
      case DENSITY -> List.of("image", "series", "z", "t", "reference", "x", "y");
      case DENSITY_LEVELS -> List.of("image", "series", "z", "t", "reference", "level");
      case COLOCALIZATION ->
          List.of("image", "series", "z", "t", "region", "nucleus", "x_channel", "y_channel");
      case CLUSTER_VALUES -> List.of("image", "series", "z", "t", "values");
      case CLUSTER_MODELS -> List.of("image", "series", "z", "t", "scope", "method", "k");
      case CLUSTERS -> List.of("image", "series", "z", "t", "scope", "method", "k", "cluster");
      case CLUSTER_LABELS -> List.of("image", "series", "z", "t", "scope", "values");
      case CLUSTER_SHARES ->
          List.of("image", "series", "z", "t", "object", "nucleus", "method", "cluster");
      case NUCLEI, CELLS, CYTOPLASM -> List.of("image", "series", "z", "t", "nucleus");
      case PIXELS -> List.of("image", "series", "z", "t", "y", "x");
      case IMAGE_QUALITY -> List.of("image", "series", "z", "t", "region", "channel");
      case FLAGS -> List.of("image", "series", "z", "t", "channel", "flag");
      case ILLUMINATION_FUNCTIONS -> List.of("path");
      case ERRORS -> List.of("image", "time");
    };
  }
}
