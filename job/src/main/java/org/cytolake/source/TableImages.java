package org.cytolake.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.RowSize;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.Columns;
import org.cytolake.field.Failure;
import org.cytolake.field.SampleType;

/** The images of a table: which columns they have and, once that is asked for, which they are. */
final class TableImages {
  private final SourceOptions options;
  private final List<String> groups;
  private final List<String> channels;
  private final List<SampleType> types;
  private final Supplier<ImageCatalog> load;
  private ImageCatalog catalog;

  private TableImages(
      SourceOptions options,
      List<String> groups,
      List<String> channels,
      List<SampleType> types,
      Supplier<ImageCatalog> load) {
    this.options = options;
    this.groups = List.copyOf(groups);
    this.channels = List.copyOf(channels);
    this.types = List.copyOf(types);
    this.load = load;
  }

  /** Images at hand. */
  static TableImages of(SourceOptions options, ImageCatalog catalog) {
    return new TableImages(
        options, catalog.groups(), catalog.channels(), catalog.sampleTypes(), () -> catalog);
  }

  /**
   * Images whose columns are declared; nothing is looked at before it is needed.
   *
   * @param load finds the images
   * @throws CytolakeException (USAGE) where images have no such columns
   */
  static TableImages declared(
      SourceOptions options, StructType schema, Supplier<ImageCatalog> load) {
    List<StructField> fields = List.of(schema.fields());
    List<String> names = List.of(schema.fieldNames());
    boolean pixels = options.rows() == RowSize.PIXELS;
    int keys = names.indexOf(Columns.SERIES);
    int first = names.indexOf(pixels ? Columns.X : Columns.WIDTH) + 1;
    int end = names.size() - (names.contains(Columns.CORRUPT) ? 1 : 0);
    List<String> channels = new ArrayList<>();
    List<SampleType> types = new ArrayList<>();
    if (keys > 0 && first > keys) {
      for (int c = first; c < end; c += pixels ? 1 : 2) {
        channels.add(names.get(c));
        types.add(pixels ? type(fields.get(c).dataType(), schema) : SampleType.INT);
      }
    }
    List<String> groups = keys > 0 ? names.subList(1, keys) : List.of();
    TableImages images = new TableImages(options, groups, channels, types, load);
    if (channels.isEmpty() || !sameColumns(schema, images.schema())) {
      throw new CytolakeException(
          Code.USAGE,
          "The schema given, "
              + schema.simpleString()
              + ", is not one of images: "
              + images.schema().simpleString()
              + " is. To be written? "
              + MicroscopyDataSource.READ_ONLY,
          "Leave the schema out, or take that of a folder that has images.");
    }
    return images;
  }

  private static SampleType type(DataType type, StructType schema) {
    return Arrays.stream(SampleType.values())
        .filter(t -> t.sparkType().equals(type))
        .findFirst()
        .orElseThrow(
            () ->
                new CytolakeException(
                    Code.USAGE,
                    "The schema given, "
                        + schema.simpleString()
                        + ", has a channel of type "
                        + type.simpleString()
                        + ".",
                    "Channels are INT, BIGINT, FLOAT or DOUBLE."));
  }

  private static boolean sameColumns(StructType a, StructType b) {
    return a.simpleString().equals(b.simpleString());
  }

  List<String> groups() {
    return groups;
  }

  List<String> channels() {
    return channels;
  }

  List<SampleType> types() {
    return types;
  }

  /** The columns, as {@link Columns} makes them. */
  StructType schema() {
    return options.rows() == RowSize.PIXELS
        ? Columns.pixelSchema(groups, channels, types, options.permissive())
        : Columns.tileSchema(groups, channels, options.permissive());
  }

  /**
   * Which images they are.
   *
   * @throws CytolakeException where one cannot be read and the options do not let that pass, or
   *     where they have other columns
   */
  ImageCatalog catalog() {
    if (catalog == null) {
      ImageCatalog loaded = load.get();
      StructType found = of(options, loaded).schema();
      if (!sameColumns(schema(), found)) {
        throw new CytolakeException(
            Code.USAGE,
            "The schema given, "
                + schema().simpleString()
                + ", is not that of the images, "
                + found.simpleString()
                + ".",
            "Leave the schema out, or make the table anew after the images have changed.");
      }
      requireReadable(options, loaded);
      catalog = loaded;
    }
    return catalog;
  }

  /**
   * Checks that all can be read, unless the options let it pass.
   *
   * @throws CytolakeException (FAILED) with the first that cannot
   */
  static void requireReadable(SourceOptions options, ImageCatalog catalog) {
    if (!options.permissive() && !catalog.failures().isEmpty()) {
      Failure first = catalog.failures().get(0);
      throw new CytolakeException(
          Code.FAILED,
          catalog.failures().size()
              + " of the images cannot be read. "
              + first.message()
              + " "
              + first.remedy(),
          "With the option mode=PERMISSIVE a failed image becomes one row that says why.");
    }
  }
}
