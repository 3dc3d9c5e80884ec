package org.cytolake.tables;

import java.io.Serializable;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;

/**
 * A channel as a column of pixel values.
 *
 * @param name letters, digits and underscores, beginning with a letter
 * @param type INT (integers up to 16 bits), BIGINT (32 bits), FLOAT or DOUBLE
 */
public record ChannelColumn(String name, DataType type) implements Serializable {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
  private static final Set<DataType> TYPES =
      Set.of(DataTypes.IntegerType, DataTypes.LongType, DataTypes.FloatType, DataTypes.DoubleType);

  /**
   * Checks the name and the type.
   *
   * @throws CytolakeException USAGE if the name is no plain column name
   * @throws IllegalArgumentException if the type is none of the four
   */
  public ChannelColumn {
    Objects.requireNonNull(type, "type");
    if (!NAME.matcher(name).matches()) {
      throw new CytolakeException(
          Code.USAGE,
          "'" + name + "' cannot name a channel.",
          "Use letters, digits and underscores, a letter first.");
    }
    if (!TYPES.contains(type)) {
      throw new IllegalArgumentException(
          "channel " + name + " is INT, BIGINT, FLOAT or DOUBLE, not " + type.sql());
    }
  }
}
