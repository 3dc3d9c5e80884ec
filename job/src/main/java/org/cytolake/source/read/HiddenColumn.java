package org.cytolake.source.read;

import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.connector.catalog.MetadataColumn;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The columns that a table has for those who ask for them by name. */
@SuppressWarnings("ImmutableEnumChecker") // Spark's types are immutable, though not annotated so
public enum HiddenColumn {
  FILE_PATH("_file_path", DataTypes.StringType, "the file of the first channel"),
  FILE_SIZE("_file_size", DataTypes.LongType, "bytes of that file"),
  FILE_MODIFIED("_file_modified", DataTypes.TimestampType, "when that file was last written"),
  PIXEL_SIZE_X("_pixel_size_x_um", DataTypes.DoubleType, "micrometres a pixel"),
  PIXEL_SIZE_Y("_pixel_size_y_um", DataTypes.DoubleType, "micrometres a pixel"),
  STAGE_X("_stage_x_um", DataTypes.DoubleType, "where the stage was, micrometres"),
  STAGE_Y("_stage_y_um", DataTypes.DoubleType, "where the stage was, micrometres"),
  STAGE_Z("_stage_z_um", DataTypes.DoubleType, "where the stage was, micrometres"),
  ACQUIRED("_acquired", DataTypes.TimestampType, "when the plane of the first channel was taken"),
  CHANNELS(
      "_channels",
      new ArrayType(
          new StructType()
              .add("name", DataTypes.StringType, false)
              .add("file_path", DataTypes.StringType, false)
              .add("file_size", DataTypes.LongType, false)
              .add("file_modified", DataTypes.TimestampType, false)
              .add("acquired", DataTypes.TimestampType, true)
              .add("exposure_ms", DataTypes.DoubleType, true)
              .add("excitation_nm", DataTypes.DoubleType, true)
              .add("emission_nm", DataTypes.DoubleType, true),
          false),
      "the same of every channel, in the order of their columns, and how it was lit");

  private final String column;
  private final DataType type;
  private final String comment;

  HiddenColumn(String column, DataType type, String comment) {
    this.column = column;
    this.type = type;
    this.comment = comment;
  }

  /** The one of a name; empty where it is none of them. */
  static Optional<HiddenColumn> named(String column) {
    return Arrays.stream(values()).filter(hidden -> hidden.column.equals(column)).findFirst();
  }

  /** Whether files have to be asked, beyond what their headers told. */
  boolean isAcquisition() {
    return compareTo(PIXEL_SIZE_Y) > 0;
  }

  /** As Spark wants it. */
  public MetadataColumn column() {
    return new MetadataColumn() {
      @Override
      public String name() {
        return column;
      }

      @Override
      public DataType dataType() {
        return type;
      }

      @Override
      public String comment() {
        return comment;
      }
    };
  }
}
