package org.cytolake.source.read;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.execution.vectorized.ConstantColumnVector;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarArray;
import org.apache.spark.unsafe.types.UTF8String;
import org.cytolake.bioformats.AcquisitionReader;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.field.Acquisition;
import org.cytolake.field.Field;
import org.cytolake.field.ImageFile;

/** The hidden columns that are asked for, with the values of the tile at hand. */
final class HiddenVectors implements Closeable {
  private final PushedQuery query;
  private final Map<HiddenColumn, ConstantColumnVector> vectors = new EnumMap<>(HiddenColumn.class);
  private final WritableColumnVector channels;
  private final Optional<AcquisitionReader> reader; // empty where nobody asks for what it reads
  private List<Acquisition> acquisitions = List.of(); // by channel, of the plane at hand
  private Tile plane;

  HiddenVectors(PushedQuery query, Configuration hadoop) {
    this.query = query;
    DataType ofChannels = HiddenColumn.CHANNELS.column().dataType();
    for (StructField field : query.output().fields()) {
      Optional<HiddenColumn> hidden = HiddenColumn.named(field.name());
      hidden.ifPresent(h -> vectors.put(h, new ConstantColumnVector(1, field.dataType())));
      if (hidden.equals(Optional.of(HiddenColumn.CHANNELS))) {
        ofChannels = field.dataType(); // of the structs' columns those that are asked for
      }
    }
    channels =
        new OnHeapColumnVector(query.channels().size(), ((ArrayType) ofChannels).elementType());
    boolean asks = vectors.keySet().stream().anyMatch(HiddenColumn::isAcquisition);
    reader = asks ? Optional.of(new AcquisitionReader(hadoop)) : Optional.empty();
  }

  /** The vector of a column; empty where it is none of these. */
  Optional<ConstantColumnVector> of(String column) {
    return HiddenColumn.named(column).map(vectors::get);
  }

  /** Takes the values of a tile. */
  void read(Tile tile) throws ImageReadException {
    if (vectors.isEmpty() || tile.isOfPlaneOf(plane)) {
      return;
    }
    plane = null; // where reading fails
    if (reader.isPresent()) {
      acquisitions = new ArrayList<>();
      for (int c = 0; c < query.channels().size(); c++) {
        acquisitions.add(
            reader.get().read(tile.field(), c, tile.z() + tile.field().firstZ(), tile.t()));
      }
    }
    vectors.forEach((hidden, vector) -> put(hidden, vector, tile.field()));
    plane = tile;
  }

  /** Takes what is known of what cannot be read: the file to blame. */
  void fail(String file) {
    plane = null;
    vectors.forEach((hidden, vector) -> vector.setNull());
    if (!file.isEmpty() && vectors.containsKey(HiddenColumn.FILE_PATH)) {
      put(vectors.get(HiddenColumn.FILE_PATH), file);
    }
  }

  private void put(HiddenColumn hidden, ConstantColumnVector vector, Field field) {
    ImageFile file = field.channels().get(0).file();
    switch (hidden) {
      case FILE_PATH -> put(vector, file.path());
      case FILE_SIZE -> put(vector, file.length());
      case FILE_MODIFIED -> put(vector, Instant.ofEpochMilli(file.modified()));
      case PIXEL_SIZE_X -> put(vector, field.pixelSizeXUm());
      case PIXEL_SIZE_Y -> put(vector, field.pixelSizeYUm());
      case STAGE_X -> put(vector, boxed(acquisitions.get(0).stageXUm()));
      case STAGE_Y -> put(vector, boxed(acquisitions.get(0).stageYUm()));
      case STAGE_Z -> put(vector, boxed(acquisitions.get(0).stageZUm()));
      case ACQUIRED -> put(vector, acquisitions.get(0).acquired().orElse(null));
      case CHANNELS -> putChannels(vector, field);
    }
  }

  private void putChannels(ConstantColumnVector vector, Field field) {
    channels.reset();
    StructType type = (StructType) channels.dataType();
    for (int c = 0; c < type.length(); c++) {
      channels.getChild(c).reset();
    }
    for (int c = 0; c < acquisitions.size(); c++) {
      ImageFile file = field.channels().get(c).file();
      Acquisition taken = acquisitions.get(c);
      for (int column = 0; column < type.length(); column++) {
        Object value =
            switch (type.fields()[column].name()) {
              case "name" -> query.channels().get(c);
              case "file_path" -> file.path();
              case "file_size" -> file.length();
              case "file_modified" -> Instant.ofEpochMilli(file.modified());
              case "acquired" -> taken.acquired().orElse(null);
              case "exposure_ms" -> boxed(taken.exposureMs());
              case "excitation_nm" -> boxed(taken.excitationNm());
              case "emission_nm" -> boxed(taken.emissionNm());
              default -> throw new IllegalStateException(type.fields()[column].name());
            };
        put(channels.getChild(column), c, value);
      }
    }
    vector.setNotNull();
    vector.setArray(new ColumnarArray(channels, 0, acquisitions.size()));
  }

  private static Object boxed(OptionalDouble value) {
    return value.isPresent() ? (Object) value.getAsDouble() : null;
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static void put(WritableColumnVector vector, int row, Object value) {
    if (value == null) {
      vector.putNull(row);
    } else if (value instanceof Double number) {
      vector.putDouble(row, number);
    } else if (value instanceof Long number) {
      vector.putLong(row, number);
    } else if (value instanceof Instant instant) {
      vector.putLong(row, micros(instant));
    } else {
      vector.putByteArray(row, UTF8String.fromString((String) value).getBytes());
    }
  }

  private static void put(ConstantColumnVector vector, Object value) {
    if (value == null) {
      vector.setNull();
      return;
    }
    vector.setNotNull();
    if (value instanceof Double number) {
      vector.setDouble(number);
    } else if (value instanceof Long number) {
      vector.setLong(number);
    } else if (value instanceof Instant instant) {
      vector.setLong(micros(instant));
    } else {
      vector.setUtf8String(UTF8String.fromString((String) value));
    }
  }

  @Override
  public void close() throws IOException {
    channels.close();
    if (reader.isPresent()) {
      reader.get().close();
    }
  }
}
