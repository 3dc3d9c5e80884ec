package org.cytolake.label;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.LabelWriter;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.clusters.ModelName;
import org.cytolake.clusters.PixelPlaces;
import org.cytolake.field.Field;
import org.cytolake.image.Plane;
import org.cytolake.stardist.Window;
import org.cytolake.tables.RowByName;

/**
 * Rows of the table {@code pixels} of one plane.
 *
 * @param channels names of all channels
 * @param types their Spark types
 * @param nuclei labels of nuclei; empty where none were looked for
 * @param cells likewise of cells
 * @param clusters the pixels' tuples and the labels that each has; empty without clustering
 */
public record PixelRows(
    List<String> channels,
    List<DataType> types,
    Optional<ImageLabels.Labels> nuclei,
    Optional<ImageLabels.Labels> cells,
    Optional<Clusters> clusters) {

  /**
   * What clusters pixels belong to.
   *
   * @param of what places are looked up in
   * @param labels by model, one a method, then tuple
   */
  public record Clusters(PixelPlaces places, PlanePixels of, Map<ModelName, int[]> labels) {
    private Object at(int place) {
      Map<String, Integer> clusters = new HashMap<>();
      labels.forEach(
          (model, ofTuple) ->
              clusters.put(model.method(), place == PixelPlaces.NONE ? 0 : ofTuple[place]));
      return clusters;
    }
  }

  /**
   * Hands on the rows.
   *
   * @param row of the table, in which the key is set
   */
  public void each(PlanePixels pixels, Field field, RowByName row, Consumer<InternalRow> to)
      throws IOException, ImageReadException {
    for (Window window : LabelWriter.windows(field)) {
      int size = (int) window.pixels();
      int[] numbers = nuclei.isPresent() ? nuclei.get().of(window).clone() : null;
      int[] bodies = cells.isPresent() ? cells.get().of(window).clone() : null;
      int[] places = clusters.isPresent() ? new int[size] : null;
      if (places != null) {
        clusters.get().places().read(clusters.get().of(), window, places);
      }
      Map<Integer, Object> labels = new HashMap<>(); // by place
      Plane[] samples = new Plane[channels.size()];
      for (int c = 0; c < samples.length; c++) {
        samples[c] = pixels.read(c, window);
      }
      for (int i = 0; i < size; i++) {
        row.put("y", window.top() + i / window.width())
            .put("x", window.left() + i % window.width());
        for (int c = 0; c < samples.length; c++) {
          row.put(channels.get(c), sample(types.get(c), samples[c].at(i)));
        }
        row.put("nucleus", numbers == null ? null : numbers[i])
            .put("cell", bodies == null ? null : bodies[i])
            .put(
                "clusters",
                places == null ? null : labels.computeIfAbsent(places[i], clusters.get()::at));
        to.accept(row.row());
      }
    }
  }

  private static Object sample(DataType type, double value) {
    if (type.equals(DataTypes.IntegerType)) {
      return (int) value;
    }
    if (type.equals(DataTypes.LongType)) {
      return (long) value;
    }
    return type.equals(DataTypes.FloatType) ? (Object) (float) value : (Object) value;
  }
}
