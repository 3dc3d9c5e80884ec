package org.cytolake.source.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.execution.vectorized.ConstantColumnVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.types.UTF8String;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.catalog.RowSize;
import org.cytolake.field.Columns;
import org.cytolake.field.Failure;

/**
 * Delivers tiles, or whole planes, one row and batch each: where it lies, and of each channel the
 * samples as bytes. It holds one row's bytes and the samples of one tile.
 *
 * <p>In mode PERMISSIVE a plane some of whose samples cannot be read is one row without a rectangle
 * and without samples, and none of its tiles is delivered.
 */
public final class TileRowReader extends TileBatchReader {
  /** What Spark and Arrow hold in one row, with room to spare. */
  private static final long MOST_BYTES = 1L << 30;

  private final PushedQuery query;
  private final boolean ofPlanes;
  private final ConstantColumnVector[] vectors;
  private final ColumnarBatch batch;
  private byte[][] bytes; // by channel; null where not wanted
  private Tile ahead; // of the next row
  private Tile plane; // the last one looked at
  private boolean isReadable;

  public TileRowReader(TilePartition partition, PushedQuery query, Configuration hadoop) {
    super(partition, query, hadoop);
    this.query = query;
    ofPlanes = query.rows() == RowSize.IMAGES;
    StructField[] fields = query.output().fields();
    vectors = new ConstantColumnVector[fields.length];
    for (int c = 0; c < fields.length; c++) {
      DataType type = fields[c].dataType();
      vectors[c] = hidden().of(fields[c].name()).orElseGet(() -> new ConstantColumnVector(1, type));
    }
    batch = new ColumnarBatch(vectors.clone(), 1);
  }

  @Override
  public boolean next() throws IOException {
    bytes = null; // before the next one is made
    while (ahead != null || hasNextTile()) {
      List<Tile> parts = nextParts();
      Tile row = ofPlanes ? whole(parts.get(0)) : parts.get(0);
      if (query.permissive() ? nextOrFailure(row, parts) : next(row, parts)) {
        return true;
      }
    }
    return false;
  }

  /** The tiles of the next row. */
  private List<Tile> nextParts() {
    List<Tile> parts = new ArrayList<>();
    parts.add(ahead == null ? nextTile() : ahead);
    ahead = null;
    while (ofPlanes && hasNextTile()) {
      Tile tile = nextTile();
      if (!tile.isOfPlaneOf(parts.get(0)) || tile.failure() != null) {
        ahead = tile;
        break;
      }
      parts.add(tile);
    }
    return parts;
  }

  private static Tile whole(Tile tile) {
    return tile.failure() != null
        ? tile
        : Tile.of(
            tile.field(), tile.z(), tile.t(), 0, 0, tile.field().sizeX(), tile.field().sizeY());
  }

  private boolean next(Tile row, List<Tile> parts) throws ImageReadException {
    if (!holds(row, null)) {
      return false;
    }
    read(row, parts);
    put(row, null);
    return true;
  }

  private boolean nextOrFailure(Tile row, List<Tile> parts) throws ImageReadException {
    if (row.failure() != null) {
      return isFailure(row, row.failure());
    }
    boolean isNew = !row.isOfPlaneOf(plane);
    plane = row;
    if (!isNew && !isReadable) {
      return false;
    }
    try {
      if (isNew && !row.isWhole()) {
        requireReadable(row);
      }
      read(row, parts);
      isReadable = true;
    } catch (ImageReadException e) {
      isReadable = false;
      return isFailure(row, e.failure());
    }
    if (!holds(row, null)) {
      return false;
    }
    put(row, null);
    return true;
  }

  /** Whether the row of what cannot be read is the next one. */
  private boolean isFailure(Tile row, Failure failure) {
    String corrupt = failure.toJson();
    fail(row, failure);
    if (!holds(row, corrupt)) {
      return false;
    }
    put(row, corrupt);
    return true;
  }

  private void read(Tile row, List<Tile> parts) throws ImageReadException {
    List<Integer> channels = query.channelsToRead();
    requireRoom(row, channels);
    byte[][] into = new byte[query.channels().size()][];
    for (int channel : channels) {
      into[channel] = new byte[row.pixels() * type(row, channel).size()];
    }
    hidden().read(row);
    if (!channels.isEmpty() || query.permissive()) {
      for (Tile part : parts) {
        if (ofPlanes) {
          loadPart(part);
        } else {
          load(part);
        }
        for (int channel : channels) {
          type(row, channel)
              .copy(
                  loaded().samples(channel),
                  part.width(),
                  into[channel],
                  (part.y() - row.y()) * row.width() + part.x() - row.x(),
                  row.width());
        }
      }
    }
    bytes = into;
  }

  private static SampleBytes type(Tile row, int channel) {
    return SampleBytes.of(row.field().channels().get(channel).pixelType());
  }

  private void requireRoom(Tile row, List<Integer> channels) throws ImageReadException {
    long size = 0;
    for (int channel : channels) {
      size += (long) row.width() * row.height() * type(row, channel).size();
    }
    if (size > MOST_BYTES) {
      throw new ImageReadException(
          new Failure(
              row.image(),
              row.field().groups(),
              row.field().channels().get(channels.get(0)).file().path(),
              "pixels",
              "ROW_TOO_LARGE",
              String.format(
                  Locale.ROOT,
                  "A row of %d x %d pixels of the image %s would take %d MB; a row holds %d MB.",
                  row.width(),
                  row.height(),
                  row.image(),
                  size >> 20,
                  MOST_BYTES >> 20),
              ofPlanes
                  ? "Select fewer channels, or read tiles: the option rows=tiles."
                  : "Select fewer channels, or make tiles smaller: the option tile-pixels."),
          null);
    }
  }

  private boolean holds(Tile row, String corrupt) {
    byte[] truth = new byte[1];
    for (Condition condition : query.conditions()) {
      condition.evaluate(new TileKeys(query, row, corrupt != null), 1, truth);
      if (truth[0] != 1) {
        return false;
      }
    }
    return true;
  }

  private void put(Tile row, String corrupt) {
    TileKeys keys = new TileKeys(query, row, corrupt != null);
    String[] columns = query.output().fieldNames();
    for (int c = 0; c < columns.length; c++) {
      if (hidden().of(columns[c]).isPresent()) {
        continue; // has its value
      }
      if (columns[c].equals(Columns.CORRUPT)) {
        put(vectors[c], corrupt);
      } else if (keys.has(columns[c])) {
        put(vectors[c], keys.constant(columns[c]));
      } else if (corrupt != null) {
        vectors[c].setNull();
      } else {
        int channel = query.channels().indexOf(columns[c]);
        put(vectors[c], channel >= 0 ? bytes[channel] : typeNamed(row, columns[c]));
      }
    }
  }

  private String typeNamed(Tile row, String column) {
    String channel = column.substring(0, column.length() - Columns.TYPE_SUFFIX.length());
    return type(row, query.channels().indexOf(channel)).numpyName();
  }

  private static void put(ConstantColumnVector vector, Object value) {
    if (value == null) {
      vector.setNull();
      return;
    }
    vector.setNotNull();
    if (value instanceof Integer number) {
      vector.setInt(number);
    } else if (value instanceof byte[] samples) {
      vector.setBinary(samples);
    } else {
      vector.setUtf8String(UTF8String.fromString((String) value));
    }
  }

  @Override
  public ColumnarBatch get() {
    return batch;
  }

  @Override
  public void close() throws IOException {
    for (ColumnVector vector : vectors) {
      vector.close();
    }
    super.close();
  }
}
