package org.cytolake.catalog;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.ReadingTime;
import org.cytolake.bioformats.zarr.PyramidLevel;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.Columns;

/**
 * The options of the data source, checked.
 *
 * @param paths files, folders or globs on any Hadoop file system
 * @param pattern regular expression over file names, or {@value #LAYOUT} and the name of a layout,
 *     whose instrument's names they are, or null: every file is an image
 * @param channels channel key (as in the file name, or the number or name inside a file) to column
 *     name, in column order; empty: all channels under their own names
 * @param z {@link #ALL_Z}, {@link #MAX_Z} or the index of one z plane
 * @param permissive whether a failed image becomes one row that says so (else it fails the query)
 * @param recursive whether sub-folders are searched
 * @param rows what is a row
 * @param tilePixels the largest tile that is decoded at once, pixels
 * @param partitionPixels the most samples in one partition
 * @param pushDown whether predicates, regions and aggregates are computed in the reader; columns
 *     always are chosen there
 * @param fileSeconds that a file's header may take, and each 16777216 samples of its pixels
 * @param level of an OME-Zarr pyramid
 * @param arrival when a stream takes an image; a batch takes what is there
 */
public record SourceOptions(
    List<String> paths,
    String pattern,
    Map<String, String> channels,
    int z,
    boolean permissive,
    boolean recursive,
    RowSize rows,
    int tilePixels,
    long partitionPixels,
    boolean pushDown,
    int fileSeconds,
    PyramidLevel level,
    ArrivalOptions arrival)
    implements Serializable {

  /** What a pattern begins with that is no regular expression but names a layout. */
  public static final String LAYOUT = "layout:";

  public static final int ALL_Z = -1;
  public static final int MAX_Z = -2;
  public static final int DEFAULT_TILE_PIXELS = 1 << 22;
  public static final long DEFAULT_PARTITION_PIXELS = 1L << 25;

  private static final List<String> NAMES =
      List.of(
          "path",
          "paths",
          "pattern",
          "layout",
          "channels",
          "z",
          "mode",
          "recursive",
          "rows",
          "tile-pixels",
          "partition-pixels",
          "push-down",
          "file-seconds",
          "level",
          "rest-seconds",
          "max-images-per-trigger");
  // what Spark's own catalogue hands on with a table's properties
  private static final Set<String> CATALOG_PROPERTIES =
      Set.of(
          "provider",
          "location",
          "owner",
          "comment",
          "external",
          "is_managed_location",
          "collation",
          "table_type",
          "serialization.format",
          "__required_read_columns");

  public SourceOptions {
    paths = List.copyOf(paths);
    channels = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(channels));
    if (paths.isEmpty()) {
      throw usage("No input path is given.", "Give one: .load(\"folder\") or the option 'path'.");
    }
    if (tilePixels < 1 << 10 || tilePixels > 1 << 26) {
      throw usage(
          "tile-pixels is " + tilePixels + ".", "It must lie between 1024 and 67108864 pixels.");
    }
    if (fileSeconds < 1 || fileSeconds > 86_400) {
      throw usage("file-seconds is " + fileSeconds + ".", "It must lie between 1 and 86400.");
    }
    if (partitionPixels < 1 << 10) {
      throw usage("partition-pixels is " + partitionPixels + ".", "It must be 1024 or more.");
    }
    for (String name : channels.values()) {
      if (!name.matches("[A-Za-z][A-Za-z0-9_]*")) {
        throw usage(
            "'" + name + "' cannot name a channel.",
            "Use letters, digits and _, beginning with a letter.");
      }
      Columns.requireFree(name, "channel");
    }
    if (channels.values().stream().map(n -> n.toLowerCase(Locale.ROOT)).distinct().count()
        < channels.size()) {
      throw usage("Two channels have the same name: " + channels + ".", "Name them apart.");
    }
  }

  /** Reads the options of {@code spark.read().format("microscopy")} or of a table's properties. */
  public static SourceOptions of(Map<String, String> options) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, String> option : options.entrySet()) {
      String key = option.getKey().toLowerCase(Locale.ROOT);
      if (key.startsWith("option.")) {
        key = key.substring("option.".length());
      }
      if (NAMES.contains(key)) {
        values.put(key, option.getValue());
      } else if (!CATALOG_PROPERTIES.contains(key)) {
        throw usage(
            "The data source microscopy has no option '" + option.getKey() + "'.",
            "Its options are " + String.join(", ", NAMES) + ".");
      } else if (key.equals("location")) {
        values.putIfAbsent("path", option.getValue());
      }
    }
    List<String> paths = new ArrayList<>();
    if (values.containsKey("path")) {
      paths.add(values.get("path"));
    }
    if (values.containsKey("paths")) {
      paths.addAll(jsonStrings(values.get("paths")));
    }
    return new SourceOptions(
        paths,
        pattern(values),
        parseChannels(values.getOrDefault("channels", "")),
        parseZ(values.getOrDefault("z", "all")),
        parseMode(values.getOrDefault("mode", "FAILFAST")),
        parseBoolean("recursive", values.getOrDefault("recursive", "true")),
        parseRows(values.getOrDefault("rows", "pixels")),
        (int) parseLong("tile-pixels", values, DEFAULT_TILE_PIXELS),
        parseLong("partition-pixels", values, DEFAULT_PARTITION_PIXELS),
        parseBoolean("push-down", values.getOrDefault("push-down", "true")),
        (int) parseLong("file-seconds", values, ReadingTime.DEFAULT_SECONDS),
        parseLevel(values.getOrDefault("level", "0")),
        new ArrivalOptions(
            (int) parseLong("rest-seconds", values, ArrivalOptions.DEFAULT_REST_SECONDS),
            (int) parseLong("max-images-per-trigger", values, 0)));
  }

  /** The same with or without push-down. */
  public SourceOptions withPushDown(boolean on) {
    return with(paths, permissive, on);
  }

  /** The same where a failed image is a row, or where it fails the query. */
  public SourceOptions withPermissive(boolean on) {
    return with(paths, on, pushDown);
  }

  /** The same of other files. */
  public SourceOptions withPaths(List<String> others) {
    return with(others, permissive, pushDown);
  }

  private SourceOptions with(List<String> newPaths, boolean newPermissive, boolean newPushDown) {
    return new SourceOptions(
        newPaths,
        pattern,
        channels,
        z,
        newPermissive,
        recursive,
        rows,
        tilePixels,
        partitionPixels,
        newPushDown,
        fileSeconds,
        level,
        arrival);
  }

  /** The same file systems, with how long the reading of a file may take. */
  public Configuration in(Configuration hadoop) {
    return level.in(ReadingTime.set(new Configuration(hadoop), fileSeconds));
  }

  /** Parses {@code 1=nuclei,3=cytoplasm}. */
  public static Map<String, String> parseChannels(String text) {
    Map<String, String> channels = new LinkedHashMap<>();
    for (String part : text.split(",", -1)) {
      if (part.isBlank()) {
        continue;
      }
      int equals = part.indexOf('=');
      if (equals < 1 || equals == part.length() - 1) {
        throw usage(
            "The channel '" + part.strip() + "' is not of the form key=name.",
            "Write channels as 1=nuclei,3=cytoplasm: the key as in the file name, then the column's"
                + " name.");
      }
      if (channels.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip())
          != null) {
        throw usage("The channel key of '" + part.strip() + "' appears twice.", "Name it once.");
      }
    }
    return channels;
  }

  /** Parses {@code all}, {@code max} or an index. */
  public static int parseZ(String text) {
    String value = text.strip().toLowerCase(Locale.ROOT);
    if (value.equals("all")) {
      return ALL_Z;
    }
    if (value.equals("max")) {
      return MAX_Z;
    }
    try {
      int index = Integer.parseInt(value);
      if (index >= 0) {
        return index;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw usage("z is '" + text + "'.", "It must be all, max or the index of a plane, from 0.");
  }

  /** Parses the number of a level, or the wanted size of pixels such as {@code 0.65um}. */
  public static PyramidLevel parseLevel(String text) {
    return PyramidLevel.parse(text)
        .orElseThrow(
            () ->
                usage(
                    "level is '" + text + "'.",
                    "It must be the number of a level of a pyramid, 0 to 64 (0 is the full"
                        + " resolution), or the largest wanted width of a pixel, such as 0.65um."));
  }

  private static boolean parseMode(String mode) {
    return switch (mode.toUpperCase(Locale.ROOT)) {
      case "FAILFAST" -> false;
      case "PERMISSIVE" -> true;
      default -> throw usage("mode is '" + mode + "'.", "It must be FAILFAST or PERMISSIVE.");
    };
  }

  private static RowSize parseRows(String rows) {
    return Arrays.stream(RowSize.values())
        .filter(size -> size.name().equalsIgnoreCase(rows.strip()))
        .findFirst()
        .orElseThrow(() -> usage("rows is '" + rows + "'.", "It must be pixels, tiles or images."));
  }

  private static boolean parseBoolean(String name, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw usage(name + " is '" + value + "'.", "It must be true or false.");
    };
  }

  private static long parseLong(String name, Map<String, String> values, long otherwise) {
    String value = values.get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      return Math.min(Integer.MAX_VALUE, Long.parseLong(value.strip()));
    } catch (NumberFormatException e) {
      throw new CytolakeException(
          Code.USAGE, name + " is '" + value + "'.", "It must be a whole number.", e);
    }
  }

  /** The option {@code pattern}, or {@code layout} as a pattern. */
  private static String pattern(Map<String, String> values) {
    String layout = emptyToNull(values.get("layout"));
    String pattern = emptyToNull(values.get("pattern"));
    if (layout != null && pattern != null) {
      throw usage(
          "Both the layout '" + layout + "' and a pattern are given.",
          "Give one: the layout says what names look like, as the pattern does.");
    }
    return layout == null ? pattern : LAYOUT + layout;
  }

  /** The name of the layout, where the pattern is one. */
  Optional<String> layout() {
    return pattern != null && pattern.startsWith(LAYOUT)
        ? Optional.of(pattern.substring(LAYOUT.length()))
        : Optional.empty();
  }

  private static String emptyToNull(String value) {
    return value == null || value.isEmpty() ? null : value;
  }

  /** Spark hands several paths on as a JSON array of strings. */
  private static List<String> jsonStrings(String json) {
    try {
      return List.of(
          new com.fasterxml.jackson.databind.ObjectMapper().readValue(json, String[].class));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new CytolakeException(
          Code.USAGE, "paths is '" + json + "'.", "It must be a JSON array of strings.", e);
    }
  }

  private static CytolakeException usage(String message, String remedy) {
    return new CytolakeException(Code.USAGE, message, remedy);
  }
}
