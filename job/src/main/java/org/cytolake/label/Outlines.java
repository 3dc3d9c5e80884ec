package org.cytolake.label;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A GeoJSON file (RFC 7946) of nuclei: a FeatureCollection of polygons with the properties that
 * QuPath gives its detections, or where there are cells, its cells: the cell's polygon with the
 * nucleus's beside it. Coordinates are pixels, x before y, with 0 at the image's top left corner,
 * as QuPath has it: the middle of the first pixel, which is 0 in the tables, is 0.5 here.
 */
final class Outlines implements Closeable {
  private static final Set<String> PLACE =
      Set.of("series", "z", "t", "bbox_y0", "bbox_x0", "bbox_y1", "bbox_x1", "y", "x");
  private static final Set<DataType> NUMBERS =
      Set.of(DataTypes.DoubleType, DataTypes.LongType, DataTypes.IntegerType);
  private static final int[] COLOR = {255, 200, 0};

  private final JsonGenerator json;
  private final String image;
  private final int series;
  private final int z;
  private final int t;
  private final int nucleus;
  private final int polygon;
  private final int cellPolygon;
  private final int vertexY;
  private final int vertexX;
  private final List<Measurement> measurements;
  private final List<Measurement> cellMeasurements;

  /** A column of numbers that says something about an object other than where it is. */
  private record Measurement(String name, int ordinal, DataType type) {
    double of(InternalRow row) {
      if (row.isNullAt(ordinal)) {
        return Double.NaN;
      }
      if (type.equals(DataTypes.DoubleType)) {
        return row.getDouble(ordinal);
      }
      return type.equals(DataTypes.LongType) ? row.getLong(ordinal) : row.getInt(ordinal);
    }
  }

  /**
   * Begins.
   *
   * @param out closed with this
   * @param image its id
   * @param columns of the rows: those of the table {@code nuclei}, in any order
   * @param cellColumns likewise those of {@code cells}
   */
  Outlines(OutputStream out, String image, StructType columns, StructType cellColumns)
      throws IOException {
    this.image = image;
    series = columns.fieldIndex("series");
    z = columns.fieldIndex("z");
    t = columns.fieldIndex("t");
    nucleus = columns.fieldIndex("nucleus");
    polygon = columns.fieldIndex("polygon");
    StructType vertex =
        (StructType) ((ArrayType) columns.fields()[polygon].dataType()).elementType();
    vertexY = vertex.fieldIndex("y");
    vertexX = vertex.fieldIndex("x");
    measurements = measurements(columns, "");
    cellPolygon = cellColumns.fieldIndex("polygon");
    cellMeasurements =
        measurements(cellColumns, "cell_").stream()
            .filter(m -> !m.name.equals("cell_nucleus"))
            .toList();
    json = new JsonFactory().createGenerator(out);
    json.writeStartObject();
    json.writeStringField("type", "FeatureCollection");
    json.writeArrayFieldStart("features");
  }

  private static List<Measurement> measurements(StructType columns, String prefix) {
    return IntStream.range(0, columns.length())
        .filter(i -> NUMBERS.contains(columns.fields()[i].dataType()))
        .filter(i -> !PLACE.contains(columns.names()[i]))
        .mapToObj(
            i -> new Measurement(prefix + columns.names()[i], i, columns.fields()[i].dataType()))
        .toList();
  }

  /**
   * Writes one nucleus.
   *
   * @param cell its cell; empty where none was looked for, or it was left out
   */
  void add(InternalRow row, Optional<InternalRow> cell) throws IOException {
    int number = row.getInt(nucleus);
    String id =
        String.join(
            "\n",
            image,
            row.getInt(series) + " " + row.getInt(z) + " " + row.getInt(t) + " " + number);
    json.writeRaw('\n');
    json.writeStartObject();
    json.writeStringField("type", "Feature");
    json.writeStringField(
        "id", UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString());
    if (cell.isPresent()) {
      geometry("geometry", cell.get().getArray(cellPolygon), row);
      geometry("nucleusGeometry", row.getArray(polygon), row);
    } else {
      geometry("geometry", row.getArray(polygon), row);
    }
    properties(row, cell, number);
    json.writeEndObject();
  }

  private void geometry(String name, ArrayData vertices, InternalRow row) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("type", "Polygon");
    json.writeArrayFieldStart("coordinates");
    ring(vertices);
    json.writeEndArray();
    json.writeObjectFieldStart("plane");
    json.writeNumberField("c", -1); // all channels
    json.writeNumberField("z", row.getInt(z));
    json.writeNumberField("t", row.getInt(t));
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Counter-clockwise in x and y, as the rays go, and closed. */
  private void ring(ArrayData vertices) throws IOException {
    json.writeStartArray();
    for (int k = 0; k <= vertices.numElements(); k++) {
      InternalRow vertex = vertices.getStruct(k % vertices.numElements(), 2);
      json.writeStartArray();
      json.writeNumber(rounded(vertex.getDouble(vertexX) + 0.5));
      json.writeNumber(rounded(vertex.getDouble(vertexY) + 0.5));
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  /** To a thousandth of a pixel. */
  private static double rounded(double value) {
    return Math.round(1000 * value) / 1000.0;
  }

  private void properties(InternalRow row, Optional<InternalRow> cell, int number)
      throws IOException {
    json.writeObjectFieldStart("properties");
    json.writeStringField("objectType", cell.isPresent() ? "cell" : "detection");
    json.writeStringField("name", Integer.toString(number));
    json.writeObjectFieldStart("classification");
    json.writeStringField("name", cell.isPresent() ? "Cell" : "Nucleus");
    json.writeFieldName("color");
    json.writeArray(COLOR, 0, COLOR.length);
    json.writeEndObject();
    json.writeObjectFieldStart("measurements");
    measurements(row, measurements);
    if (cell.isPresent()) {
      measurements(cell.get(), cellMeasurements);
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private void measurements(InternalRow row, List<Measurement> of) throws IOException {
    for (Measurement measurement : of) {
      double value = measurement.of(row);
      if (Double.isFinite(value)) {
        json.writeNumberField(measurement.name, value);
      }
    }
  }

  @Override
  public void close() throws IOException {
    json.close(); // ends the array and the object
  }
}
