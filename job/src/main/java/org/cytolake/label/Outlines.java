package org.cytolake.label;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A GeoJSON file (RFC 7946) of nuclei: a FeatureCollection of polygons with the properties that
 * QuPath gives its detections. Coordinates are pixels, x before y, with 0 at the image's top left
 * corner, as QuPath has it: the middle of the first pixel, which is 0 in the tables, is 0.5 here.
 */
final class Outlines implements Closeable {
  private static final Set<String> PLACE =
      Set.of("series", "z", "t", "bbox_y0", "bbox_x0", "bbox_y1", "bbox_x1", "y", "x");
  private static final int[] COLOR = {255, 200, 0};

  private final JsonGenerator json;
  private final String image;
  private final List<String> measurements;

  /**
   * Begins.
   *
   * @param out closed with this
   * @param image its id
   * @param measurements columns of numbers
   */
  Outlines(OutputStream out, String image, List<String> measurements) throws IOException {
    this.image = image;
    this.measurements = measurements;
    json = new JsonFactory().createGenerator(out);
    json.writeStartObject();
    json.writeStringField("type", "FeatureCollection");
    json.writeArrayFieldStart("features");
  }

  /** The columns of numbers that say something about a nucleus other than where it is. */
  static List<String> measurements(StructType nuclei) {
    return Arrays.stream(nuclei.fields())
        .filter(
            f ->
                f.dataType().equals(DataTypes.DoubleType)
                    || f.dataType().equals(DataTypes.LongType)
                    || f.dataType().equals(DataTypes.IntegerType))
        .map(StructField::name)
        .filter(name -> !PLACE.contains(name))
        .toList();
  }

  /** Writes one nucleus, a row of the table. */
  void add(Row nucleus) throws IOException {
    int series = nucleus.getAs("series");
    int z = nucleus.getAs("z");
    int t = nucleus.getAs("t");
    int number = nucleus.getAs("nucleus");
    String id = String.join("\n", image, series + " " + z + " " + t + " " + number);
    json.writeRaw('\n');
    json.writeStartObject();
    json.writeStringField("type", "Feature");
    json.writeStringField(
        "id", UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8)).toString());
    json.writeObjectFieldStart("geometry");
    json.writeStringField("type", "Polygon");
    json.writeArrayFieldStart("coordinates");
    ring(nucleus.getList(nucleus.fieldIndex("polygon")));
    json.writeEndArray();
    json.writeObjectFieldStart("plane");
    json.writeNumberField("c", -1); // all channels
    json.writeNumberField("z", z);
    json.writeNumberField("t", t);
    json.writeEndObject();
    json.writeEndObject();
    properties(nucleus, number);
    json.writeEndObject();
  }

  /** Counter-clockwise in x and y, as the rays go, and closed. */
  private void ring(List<Row> vertices) throws IOException {
    json.writeStartArray();
    for (int k = 0; k <= vertices.size(); k++) {
      Row vertex = vertices.get(k % vertices.size());
      json.writeStartArray();
      json.writeNumber(rounded(vertex.<Double>getAs("x") + 0.5));
      json.writeNumber(rounded(vertex.<Double>getAs("y") + 0.5));
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  /** To a thousandth of a pixel. */
  private static double rounded(double value) {
    return Math.round(1000 * value) / 1000.0;
  }

  private void properties(Row nucleus, int number) throws IOException {
    json.writeObjectFieldStart("properties");
    json.writeStringField("objectType", "detection");
    json.writeStringField("name", Integer.toString(number));
    json.writeObjectFieldStart("classification");
    json.writeStringField("name", "Nucleus");
    json.writeFieldName("color");
    json.writeArray(COLOR, 0, COLOR.length);
    json.writeEndObject();
    json.writeObjectFieldStart("measurements");
    for (String name : measurements) {
      Number value = nucleus.getAs(name);
      if (value != null && Double.isFinite(value.doubleValue())) {
        json.writeNumberField(name, value.doubleValue());
      }
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  @Override
  public void close() throws IOException {
    json.close(); // ends the array and the object
  }
}
