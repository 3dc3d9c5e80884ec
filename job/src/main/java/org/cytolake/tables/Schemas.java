package org.cytolake.tables;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createMapType;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Every column of every table, with its type, meaning, unit and range. */
public final class Schemas {
  private final StructType schema;

  private Schemas(StructType schema) {
    this.schema = schema;
  }

  /**
   * The variable part of the columns' names.
   *
   * @param types as many as channels
   * @param pairs pairs of channels, as {@code a_b}
   */
  record Names(
      List<String> groups, List<String> channels, List<DataType> types, List<String> pairs) {
    static Names of(List<String> groups, List<ChannelColumn> channels) {
      List<String> names = channels.stream().map(ChannelColumn::name).toList();
      List<DataType> types = channels.stream().map(ChannelColumn::type).toList();
      return new Names(groups, names, types, Layout.pairs(names));
    }
  }

  static StructType schema(Table table, Names names) {
    Schemas columns = new Schemas(new StructType());
    return switch (table) {
      case IMAGES -> columns.key(names).images().schema;
      case CHANNEL_STATS -> columns.key(names).channelStats().schema;
      case HISTOGRAMS -> columns.key(names).histograms().schema;
      case JOINT_HISTOGRAMS -> columns.key(names).jointHistograms(names).schema;
      case LOOKUP_TABLES -> StatisticsSchemas.lookupTables(columns.key(names)).schema;
      case NORMALIZED_JOINT_HISTOGRAMS ->
          StatisticsSchemas.normalizedJointHistograms(columns.key(names), names).schema;
      case HISTOGRAMS_2D -> StatisticsSchemas.histograms2d(columns.key(names)).schema;
      case DENSITY -> StatisticsSchemas.density(columns.key(names)).schema;
      case DENSITY_LEVELS -> StatisticsSchemas.densityLevels(columns.key(names)).schema;
      case COLOCALIZATION -> StatisticsSchemas.colocalization(columns.key(names)).schema;
      case CLUSTER_VALUES -> ClusterSchemas.values(columns.key(names)).schema;
      case CLUSTER_MODELS -> ClusterSchemas.models(columns.key(names)).schema;
      case CLUSTERS -> ClusterSchemas.clusters(columns.key(names)).schema;
      case CLUSTER_LABELS -> ClusterSchemas.labels(columns.key(names)).schema;
      case CLUSTER_SHARES -> ClusterSchemas.shares(columns.key(names)).schema;
      case CELLS -> CellSchema.cells(columns.key(names), names).schema;
      case CYTOPLASM -> CellSchema.cytoplasm(columns.key(names), names).schema;
      case NUCLEI -> NucleusSchema.nuclei(columns.key(names), names).schema;
      case PIXELS -> columns.key(names).pixels(names).schema;
      case IMAGE_QUALITY -> QualitySchemas.imageQuality(columns.key(names)).schema;
      case FLAGS -> QualitySchemas.flags(columns.key(names)).schema;
      case ILLUMINATION_FUNCTIONS -> QualitySchemas.illumination(columns.key(names)).schema;
      case ERRORS -> columns.key(names).errors().schema;
    };
  }

  static List<String> columns(Table table, Names names) {
    return List.of(schema(table, names).fieldNames());
  }

  /**
   * A type in Spark's SQL, without nullability and comments, so that equal text means equal data:
   * {@code ARRAY<STRUCT<y DOUBLE, x DOUBLE>>}.
   */
  public static String text(DataType type) {
    if (type instanceof ArrayType array) {
      return "ARRAY<" + text(array.elementType()) + ">";
    }
    if (type instanceof StructType struct) {
      return IntStream.range(0, struct.length())
          .mapToObj(i -> struct.fields()[i].name() + " " + text(struct.fields()[i].dataType()))
          .collect(Collectors.joining(", ", "STRUCT<", ">"));
    }
    return type.sql();
  }

  static StructField field(String name, DataType type, String comment) {
    return new StructField(name, type, true, Metadata.empty()).withComment(comment);
  }

  Schemas with(String name, DataType type, String comment) {
    return new Schemas(schema.add(field(name, type, comment)));
  }

  private Schemas key(Names names) {
    Schemas columns =
        with("image", StringType, "The image's id; NULL where the row concerns no one image");
    for (String group : names.groups) {
      columns =
          columns.with(group, StringType, "What the group of this name in the pattern matched");
    }
    return columns
        .with("series", IntegerType, "Series within the file, from 0")
        .with("z", IntegerType, "Focal plane, from 0; 0 for a projection")
        .with("t", IntegerType, "Time point, from 0");
  }

  private Schemas images() {
    StructType file =
        new StructType(
            new StructField[] {
              field("path", StringType, "Path or URI of the file"),
              field("length", LongType, "Size of the file in bytes, 0 or more"),
              field("modified", TimestampType, "When the file was last modified")
            });
    return with("files", createArrayType(file), "The files that the image was read from")
        .with(
            "fingerprint",
            StringType,
            "Hash of the files' paths, sizes and times and of the settings that matter: where it"
                + " differs, the image is analysed again")
        .with("size_x", IntegerType, "Width in pixels, 1 or more; NULL where unreadable")
        .with("size_y", IntegerType, "Height in pixels, 1 or more; NULL where unreadable")
        .with("size_z", IntegerType, "Focal planes, 1 or more; NULL where unreadable")
        .with("size_t", IntegerType, "Time points, 1 or more; NULL where unreadable")
        .with(
            "pixel_type",
            StringType,
            "OME pixel type: int8, uint8, int16, uint16, int32, uint32, float, double; NULL where"
                + " unreadable")
        .with("channels", createArrayType(StringType), "Names of the channels, in their order")
        .with(
            "pixel_size_x_um",
            DoubleType,
            "Width of a pixel in µm, 0 to 50 (more is a screen's resolution); NULL where unknown")
        .with("pixel_size_y_um", DoubleType, "Height of a pixel in µm, 0 to 50; NULL where unknown")
        .with(
            "status",
            StringType,
            "ok; failed: then the table errors says why; or excluded: then the table flags does")
        .with("nuclei", IntegerType, "Nuclei found, 0 or more; NULL where not segmented")
        .nucleiFigures()
        .with(
            "cells",
            IntegerType,
            "Cells found around nuclei, 0 or more; NULL where none were looked for")
        .with("cell_area_p50_px", DoubleType, "Median area of the cells in pixels; NULL without")
        .with(
            "cell_area_p50_um2",
            DoubleType,
            "Median area of the cells in µm²; NULL without, or where the pixel size is unknown")
        .with(
            "cell_threshold",
            DoubleType,
            "Intensity from which on a pixel of the channel that shows cells could be part of one,"
                + " in the channel's own units; NULL where none were looked for")
        .with(
            "clipped_pixels",
            LongType,
            "Pixels of all channels that illumination.apply set to an end of the pixel type's"
                + " range, 0 or more; NULL where nothing was corrected")
        .with("histogram_seconds", DoubleType, "Time for reading and counting, s; NULL if not done")
        .with("segmentation_seconds", DoubleType, "Time for finding nuclei, s; NULL if not done")
        .with("run", StringType, "The run that wrote the row; its manifest is _runs/<run>.json");
  }

  private Schemas nucleiFigures() {
    String unknown = ", or the pixel size is unknown";
    Schemas columns =
        with(
                "nuclei_per_megapixel",
                DoubleType,
                "Nuclei per million pixels, 0 or more; NULL where not segmented")
            .with(
                "nuclei_per_mm2",
                DoubleType,
                "Nuclei per mm², 0 or more; NULL where not segmented" + unknown);
    for (int percent : List.of(5, 25, 50, 75, 95)) {
      String area = percent + "th percentile of the nuclei's areas, linear interpolation, in ";
      columns =
          columns
              .with(
                  "nucleus_area_p" + percent + "_px",
                  DoubleType,
                  area + "pixels; NULL without nuclei")
              .with(
                  "nucleus_area_p" + percent + "_um2",
                  DoubleType,
                  area + "µm²; NULL without nuclei" + unknown);
    }
    String nearest = "Mean distance from a nucleus's centroid to the nearest other one in ";
    StructType warning =
        new StructType(
            new StructField[] {
              field("code", StringType, "Kind of warning, for programs, such as WEAK_CONTRAST"),
              field("message", StringType, "What was seen"),
              field("remedy", StringType, "What to try")
            });
    return columns
        .with("nearest_nucleus_px", DoubleType, nearest + "pixels; NULL below two nuclei")
        .with("nearest_nucleus_um", DoubleType, nearest + "µm; NULL below two nuclei" + unknown)
        .with(
            "warnings",
            createArrayType(warning),
            "What makes one doubt the figures: of a channel without a finite pixel, that nuclei"
                + " were found, and the flags of the table flags; empty where nothing does, NULL"
                + " where unreadable");
  }

  Schemas region() {
    return with("region", StringType, "The region's name; `image` is the whole image");
  }

  private Schemas channelStats() {
    String unit = ", in the channel's own units";
    return region()
        .with("channel", StringType, "The channel's name")
        .with(
            "pixels",
            LongType,
            "Pixels in the region that are finite, 1 or more; all else here is of these")
        .with("mean", DoubleType, "Mean intensity" + unit)
        .with("stddev", DoubleType, "Population standard deviation" + unit + ", 0 or more")
        .with("min", DoubleType, "Smallest intensity" + unit)
        .with("max", DoubleType, "Largest intensity" + unit)
        .with("p1", DoubleType, "1st percentile, linear interpolation" + unit)
        .with("p25", DoubleType, "25th percentile, linear interpolation" + unit)
        .with("p50", DoubleType, "Median" + unit)
        .with("p75", DoubleType, "75th percentile, linear interpolation" + unit)
        .with("p99", DoubleType, "99th percentile, linear interpolation" + unit)
        .with("p99_8", DoubleType, "99.8th percentile, linear interpolation" + unit)
        .with("otsu_threshold", DoubleType, "Otsu's threshold" + unit)
        .with(
            "stain_threshold",
            DoubleType,
            "Intensity above which a pixel counts as stained (statistics.threshold)" + unit)
        .with("stained_fraction", DoubleType, "Share of the pixels above stain_threshold, 0 to 1")
        .with(
            "stained_area_um2",
            DoubleType,
            "Area of the pixels above stain_threshold in µm², 0 or more; NULL where the pixel size"
                + " is unknown")
        .with(
            "stained_mean",
            DoubleType,
            "Mean intensity of the pixels above stain_threshold"
                + unit
                + "; NULL if there are none")
        .with(
            "saturated_fraction",
            DoubleType,
            "Share of the pixels at the pixel type's largest value, 0 to 1; NULL for floating"
                + " point")
        .with(
            "levels",
            IntegerType,
            "Levels that percentiles and thresholds are computed of, 65536, where a channel of"
                + " floats or wide integers has more than 16 million pixels; NULL is exact");
  }

  private Schemas histograms() {
    return region()
        .with(
            "transform",
            StringType,
            "What was done to the intensities before: raw, equalized, normalized, or difference"
                + " (last less first channel of the composite, normalised, modulo 256)")
        .with("reference", StringType, StatisticsSchemas.REFERENCE + "; NULL for raw")
        .with("channel", StringType, "The channel's name; NULL for difference")
        .with("bin", IntegerType, "The bin's number, 0 to bins - 1")
        .with("lower", DoubleType, "Lower edge, which belongs to the bin, in the channel's units")
        .with("upper", DoubleType, "Upper edge, which belongs to the last bin only, same units")
        .with("count", LongType, "Pixels in the bin, 0 or more");
  }

  private Schemas jointHistograms(Names names) {
    Schemas columns = region();
    for (int c = 0; c < names.channels.size(); c++) {
      columns =
          columns.with(
              names.channels.get(c),
              names.types.get(c),
              "Intensity in this channel, in its own units; NULL where the tuple is of other"
                  + " channels");
    }
    return columns
        .with("count", LongType, "Pixels with these intensities, 1 or more")
        .with(
            "dropped_bits",
            IntegerType,
            "Low bits cleared in every channel to keep the tuples few, 0 or more; 0 is exact")
        .with(
            "levels",
            IntegerType,
            "Levels of the image's own range that float values were binned to, 65536; NULL is"
                + " exact");
  }

  private Schemas pixels(Names names) {
    Schemas columns =
        with("y", IntegerType, "Row, from 0 at the top")
            .with("x", IntegerType, "Column, from 0 at the left");
    for (int c = 0; c < names.channels.size(); c++) {
      columns =
          columns.with(
              names.channels.get(c),
              names.types.get(c),
              "Intensity in this channel, in its own units");
    }
    return columns
        .with("nucleus", IntegerType, "The nucleus's label, 0 outside; NULL without segmentation")
        .with(
            "cell",
            IntegerType,
            "The cell's label, which is its nucleus's, 0 outside; NULL where no cells were looked"
                + " for")
        .with(
            "clusters",
            createMapType(StringType, IntegerType),
            "By method: the label in the model with the selected number of clusters, 1 or more, 0"
                + " for pixels that are not clustered; NULL without clustering");
  }

  private Schemas errors() {
    return with("file", StringType, "Path or URI of the file; NULL where no one file is at fault")
        .with("stage", StringType, "What was being done, such as list, header, pixels, segment")
        .with("code", StringType, "Kind of failure, for programs, such as CHANNEL_MISSING")
        .with("message", StringType, "What is wrong, and where")
        .with("remedy", StringType, "What to do")
        .with("time", TimestampType, "When it was found");
  }
}
