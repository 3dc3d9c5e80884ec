package org.cytolake.field;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;

/** The columns of a pixel table, and the names that channels and groups may take. */
public final class Columns {
  public static final String IMAGE = "image";
  public static final String SERIES = "series";
  public static final String Z = "z";
  public static final String T = "t";
  public static final String Y = "y";
  public static final String X = "x";

  /** Of a tile; likewise {@link #WIDTH}. */
  public static final String HEIGHT = "height";

  public static final String WIDTH = "width";

  /** What follows a channel's name in the name of the column that says the type of its bytes. */
  public static final String TYPE_SUFFIX = "_type";

  /** Set on the single row of a failed image in mode PERMISSIVE: a JSON object that says why. */
  public static final String CORRUPT = "corrupt";

  private static final Set<String> RESERVED =
      Set.of(
          IMAGE,
          SERIES,
          Z,
          T,
          Y,
          X,
          CORRUPT,
          "region",
          "count",
          "dropped_bits",
          "levels",
          "channel",
          "nucleus",
          "transform",
          "bin",
          "lower",
          "upper",
          "status",
          "files",
          "run");

  private Columns() {}

  public static void requireFree(String name, String what) {
    if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
      throw new CytolakeException(
          Code.USAGE,
          "'" + name + "' cannot name a " + what + ": the tables have a column of that name.",
          "Choose another name.");
    }
  }

  private static void requireDistinct(List<StructField> fields) {
    Map<String, String> seen = new HashMap<>();
    for (StructField field : fields) {
      String other = seen.put(field.name().toLowerCase(Locale.ROOT), field.name());
      if (other != null) {
        throw new CytolakeException(
            Code.USAGE,
            other.equals(field.name())
                ? "The pixels would have two columns named '" + other + "'."
                : "The pixels would have the columns '"
                    + other
                    + "' and '"
                    + field.name()
                    + "', which Spark takes for one.",
            "Name the channels apart (channels, key=name), or rename the group of the pattern.");
      }
    }
  }

  /** Makes a channel's name from OME metadata a plain column name. */
  public static String channelName(String name, int index) {
    if (name == null || name.isBlank()) {
      return "channel_" + (index + 1);
    }
    String plain = name.strip().replaceAll("[^A-Za-z0-9]+", "_").replaceAll("^_+|_+$", "");
    if (plain.isEmpty() || !Character.isLetter(plain.charAt(0))) {
      plain = plain.isEmpty() ? "channel_" + (index + 1) : "channel_" + plain;
    }
    return RESERVED.contains(plain.toLowerCase(Locale.ROOT)) ? plain + "_channel" : plain;
  }

  /**
   * The columns of the pixels of images.
   *
   * @throws CytolakeException (USAGE) if two would have one name; Spark tells no upper from lower
   *     case
   */
  public static StructType pixelSchema(
      List<String> groups, List<String> channels, List<SampleType> types, boolean permissive) {
    List<StructField> fields = keys(groups);
    for (String name : List.of(Y, X)) {
      fields.add(DataTypes.createStructField(name, DataTypes.IntegerType, permissive));
    }
    for (int c = 0; c < channels.size(); c++) {
      fields.add(
          DataTypes.createStructField(channels.get(c), types.get(c).sparkType(), permissive));
    }
    return table(fields, permissive);
  }

  /**
   * The columns of tiles of planes: of each channel its samples as bytes, and their type as numpy
   * names it.
   *
   * @throws CytolakeException (USAGE) if two would have one name
   */
  public static StructType tileSchema(
      List<String> groups, List<String> channels, boolean permissive) {
    List<StructField> fields = keys(groups);
    for (String name : List.of(Y, X, HEIGHT, WIDTH)) {
      fields.add(DataTypes.createStructField(name, DataTypes.IntegerType, permissive));
    }
    for (String channel : channels) {
      fields.add(DataTypes.createStructField(channel, DataTypes.BinaryType, permissive));
      fields.add(
          DataTypes.createStructField(channel + TYPE_SUFFIX, DataTypes.StringType, permissive));
    }
    return table(fields, permissive);
  }

  private static List<StructField> keys(List<String> groups) {
    List<StructField> fields = new ArrayList<>();
    fields.add(DataTypes.createStructField(IMAGE, DataTypes.StringType, false));
    for (String group : groups) {
      fields.add(DataTypes.createStructField(group, DataTypes.StringType, false));
    }
    for (String name : List.of(SERIES, Z, T)) {
      fields.add(DataTypes.createStructField(name, DataTypes.IntegerType, false));
    }
    return fields;
  }

  private static StructType table(List<StructField> fields, boolean permissive) {
    if (permissive) {
      fields.add(DataTypes.createStructField(CORRUPT, DataTypes.StringType, true));
    }
    requireDistinct(fields);
    return new StructType(fields.toArray(StructField[]::new));
  }
}
