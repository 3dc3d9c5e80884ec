package org.cytolake.source.read;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.sql.vectorized.ColumnarMap;
import org.apache.spark.unsafe.types.UTF8String;
import org.cytolake.bioformats.Samples;
import org.cytolake.field.Columns;

/**
 * A column of the batch at hand: a window into the loaded tile. Samples are read where they were
 * decoded, positions are computed, image-wide values are held once.
 */
abstract class PixelVector extends ColumnVector {
  /** Row of the tile at which the batch begins. */
  protected int first;

  private boolean allNull;

  private PixelVector(DataType type) {
    super(type);
  }

  static PixelVector of(String column, PushedQuery query, LoadedTile tile) {
    if (query.constantIndex(column) >= 0) {
      return new Constant(column, query, tile);
    }
    return switch (column) {
      case Columns.X -> new Position(tile, true);
      case Columns.Y -> new Position(tile, false);
      case Columns.CORRUPT -> new Corrupt(tile);
      default -> new Channel(tile.samples(query.channels().indexOf(column)));
    };
  }

  /** Moves the window; {@code corrupt} says that the tile is the row of a failed image. */
  void window(int newFirst, boolean corrupt) {
    first = newFirst;
    allNull = corrupt && isPixelColumn();
  }

  /** Whether the column is NULL for a failed image. */
  abstract boolean isPixelColumn();

  @Override
  public void close() {}

  @Override
  public boolean hasNull() {
    return allNull;
  }

  @Override
  public int numNulls() {
    return allNull ? 1 : 0;
  }

  @Override
  public boolean isNullAt(int row) {
    return allNull;
  }

  private IllegalStateException wrongType() {
    return new IllegalStateException(
        "a column of type " + dataType() + " was read as another type");
  }

  @Override
  public boolean getBoolean(int row) {
    throw wrongType();
  }

  @Override
  public byte getByte(int row) {
    throw wrongType();
  }

  @Override
  public short getShort(int row) {
    throw wrongType();
  }

  @Override
  public int getInt(int row) {
    throw wrongType();
  }

  @Override
  public long getLong(int row) {
    throw wrongType();
  }

  @Override
  public float getFloat(int row) {
    throw wrongType();
  }

  @Override
  public double getDouble(int row) {
    throw wrongType();
  }

  @Override
  public ColumnarArray getArray(int row) {
    throw wrongType();
  }

  @Override
  public ColumnarMap getMap(int row) {
    throw wrongType();
  }

  @Override
  public Decimal getDecimal(int row, int precision, int scale) {
    throw wrongType();
  }

  @Override
  public UTF8String getUTF8String(int row) {
    throw wrongType();
  }

  @Override
  public byte[] getBinary(int row) {
    throw wrongType();
  }

  @Override
  public ColumnVector getChild(int ordinal) {
    throw wrongType();
  }

  /** A channel's samples. */
  private static final class Channel extends PixelVector {
    private final Samples samples;

    Channel(Samples samples) {
      super(samples.type().sparkType());
      this.samples = samples;
    }

    @Override
    boolean isPixelColumn() {
      return true;
    }

    @Override
    public int getInt(int row) {
      return samples.ints()[first + row];
    }

    @Override
    public long getLong(int row) {
      return samples.longs()[first + row];
    }

    @Override
    public float getFloat(int row) {
      return samples.floats()[first + row];
    }

    @Override
    public double getDouble(int row) {
      return samples.doubles()[first + row];
    }
  }

  /** x or y. */
  private static final class Position extends PixelVector {
    private final LoadedTile tile;
    private final boolean isX;

    Position(LoadedTile tile, boolean isX) {
      super(DataTypes.IntegerType);
      this.tile = tile;
      this.isX = isX;
    }

    @Override
    boolean isPixelColumn() {
      return true;
    }

    @Override
    public int getInt(int row) {
      return isX ? tile.x(first + row) : tile.y(first + row);
    }
  }

  /** A value that holds for the whole tile. */
  private static final class Constant extends PixelVector {
    private final int index;
    private final int groups;
    private final LoadedTile tile;
    private int number;
    private UTF8String text;

    Constant(String column, PushedQuery query, LoadedTile tile) {
      super(
          query.constantIndex(column) <= query.groups().size()
              ? DataTypes.StringType
              : DataTypes.IntegerType);
      this.index = query.constantIndex(column);
      this.groups = query.groups().size();
      this.tile = tile;
    }

    @Override
    boolean isPixelColumn() {
      return false;
    }

    @Override
    void window(int newFirst, boolean corrupt) {
      super.window(newFirst, corrupt);
      Object value = tile.tile().constant(index, groups);
      if (value instanceof Integer i) {
        number = i;
      } else {
        text = UTF8String.fromString((String) value);
      }
    }

    @Override
    public int getInt(int row) {
      return number;
    }

    @Override
    public UTF8String getUTF8String(int row) {
      return text;
    }
  }

  /** Why the image failed; NULL for images that did not. */
  private static final class Corrupt extends PixelVector {
    private final LoadedTile tile;

    Corrupt(LoadedTile tile) {
      super(DataTypes.StringType);
      this.tile = tile;
    }

    @Override
    boolean isPixelColumn() {
      return false;
    }

    @Override
    public boolean hasNull() {
      return tile.corrupt() == null;
    }

    @Override
    public int numNulls() {
      return tile.corrupt() == null ? tile.size() : 0;
    }

    @Override
    public boolean isNullAt(int row) {
      return tile.corrupt() == null;
    }

    @Override
    public UTF8String getUTF8String(int row) {
      return UTF8String.fromString(tile.corrupt());
    }
  }
}
