package org.cytolake.label;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.Samples;
import org.cytolake.clusters.ClusterModel;
import org.cytolake.clusters.ImageModels;
import org.cytolake.field.Field;
import org.cytolake.nuclei.TaskReader;
import org.cytolake.stardist.Window;

/**
 * Rows of the table {@code pixels}: the function of a {@code mapPartitions} over {@link SheetRows}.
 *
 * @param fields by image
 * @param models by image
 * @param places indices of the clustering channels in a field
 * @param types of the samples of all channels
 */
record PixelRows(
    Broadcast<SerializableConfiguration> hadoop,
    Broadcast<Map<String, Field>> fields,
    Broadcast<Map<String, ImageModels>> models,
    SheetRows.How how,
    List<Integer> places,
    List<DataType> types,
    boolean nuclei)
    implements FlatMapFunction<Iterator<Row>, Row> {

  @Override
  public Iterator<Row> call(Iterator<Row> sorted) {
    PlaneReader reader = TaskReader.open(hadoop.value().value());
    List<Samples> samples = types.stream().map(PlaneReader::newSamples).toList();
    Iterator<PlaneSheet> sheets = SheetRows.sheets(sorted, how);
    return new Iterator<>() {
      private PlaneSheet sheet;
      private Iterator<Window> windows = Collections.emptyIterator();
      private Pixels pixels;
      private int next;

      @Override
      public boolean hasNext() {
        while (pixels == null || next == pixels.size()) {
          if (!windows.hasNext()) {
            if (!sheets.hasNext()) {
              return false;
            }
            sheet = sheets.next();
            windows = Tiles.of(fields.value().get(sheet.image())).iterator();
          }
          pixels = new Pixels(sheet, windows.next(), reader, samples);
          next = 0;
        }
        return true;
      }

      @Override
      public Row next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return pixels.row(next++);
      }
    };
  }

  /** The pixels of one window. */
  private final class Pixels {
    private final Field field;
    private final PlaneSheet sheet;
    private final Window window;
    private final List<Samples> samples;
    private final int[] numbers;
    private final Map<Integer, Object> clusters = new HashMap<>(); // by place
    private final int[] at;

    Pixels(PlaneSheet sheet, Window window, PlaneReader reader, List<Samples> samples) {
      this.field = fields.value().get(sheet.image());
      this.sheet = sheet;
      this.window = window;
      this.samples = samples;
      List<Integer> all = new ArrayList<>();
      for (int c = 0; c < samples.size(); c++) {
        all.add(c);
      }
      try {
        Tiles.read(reader, field, all, sheet, window, samples);
      } catch (ImageReadException e) {
        throw new IllegalStateException(e.failure().message(), e);
      }
      this.numbers = nuclei ? sheet.nuclei(window, field.sizeY(), field.sizeX()).labels() : null;
      this.at = places.isEmpty() ? null : new int[size()];
      if (at != null) {
        sheet.places(of().shared(), window, places.stream().map(samples::get).toList(), at);
      }
    }

    int size() {
      return (int) window.pixels();
    }

    private ImageModels of() {
      return models.value().get(field.image());
    }

    Row row(int i) {
      List<Object> row = new ArrayList<>();
      row.add(field.image());
      row.addAll(field.groups());
      row.add(field.series());
      row.add(sheet.z());
      row.add(sheet.t());
      row.add(window.top() + i / window.width());
      row.add(window.left() + i % window.width());
      for (int c = 0; c < samples.size(); c++) {
        row.add(sample(types.get(c), samples.get(c).at(i)));
      }
      row.add(numbers == null ? null : numbers[i]);
      row.add(at == null ? null : clusters.computeIfAbsent(at[i], this::labels));
      return RowFactory.create(row.toArray());
    }

    private Object labels(int place) {
      Map<String, Integer> labels = new HashMap<>();
      Map<String, Integer> selected = of().shared() == null ? sheet.selected() : of().selected();
      int[] label = new int[1];
      selected.forEach(
          (method, k) -> {
            sheet
                .table(of().shared())
                .labels(new ClusterModel(method, k), new int[] {place}, label);
            labels.put(method, label[0]);
          });
      return scala.jdk.javaapi.CollectionConverters.asScala(labels);
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
}
