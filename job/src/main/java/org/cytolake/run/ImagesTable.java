package org.cytolake.run;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.field.ImageFile;
import org.cytolake.field.PlaneKey;
import org.cytolake.nuclei.NucleiFigures;
import org.cytolake.nuclei.NucleiWarning;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/** Makes the rows of the tables {@code images} and {@code errors}, on the driver. */
public final class ImagesTable {
  private final Layout layout;
  private final String run;

  /** What segmentation found in a field of view. */
  public record Segmented(NucleiFigures figures, List<NucleiWarning> warnings) {
    public Segmented {
      warnings = List.copyOf(warnings);
    }
  }

  ImagesTable(Layout layout, String run) {
    this.layout = layout;
    this.run = run;
  }

  /** One row for each z and t of a complete image. */
  List<Row> complete(
      Field field, String fingerprint, double secondsPerPixel, Map<PlaneKey, Segmented> segmented) {
    List<Row> rows = new ArrayList<>();
    for (int t = 0; t < field.sizeT(); t++) {
      for (int z = field.firstZ(); z < field.firstZ() + field.sizeZ(); z++) {
        Segmented found = segmented.get(new PlaneKey(field.image(), field.series(), z, t));
        Map<String, Object> values = new HashMap<>();
        key(values, field.image(), field.groups());
        values.put("series", field.series());
        values.put("z", z);
        values.put("t", t);
        values.put("files", files(field.files()));
        values.put("fingerprint", fingerprint);
        values.put("size_x", field.sizeX());
        values.put("size_y", field.sizeY());
        values.put("size_z", field.sizeZ());
        values.put("size_t", field.sizeT());
        values.put("pixel_type", field.pixelType());
        values.put(
            "channels", seq(layout.channels().stream().map(c -> (Object) c.name()).toList()));
        values.put("pixel_size_x_um", field.pixelSizeXUm());
        values.put("pixel_size_y_um", field.pixelSizeYUm());
        values.put("status", "ok");
        if (found != null) {
          nuclei(values, field, found);
        }
        values.put("histogram_seconds", secondsPerPixel * field.planePixels());
        values.put("run", run);
        rows.add(row(Table.IMAGES, values));
      }
    }
    return rows;
  }

  private static void nuclei(Map<String, Object> values, Field field, Segmented found) {
    NucleiFigures figures = found.figures();
    double megapixels = field.planePixels() / 1e6;
    boolean known = field.pixelSizeXUm() != null && field.pixelSizeYUm() != null;
    double pixelUm2 = known ? field.pixelSizeXUm() * field.pixelSizeYUm() : Double.NaN;
    values.put("nuclei", (int) figures.count());
    values.put("nuclei_per_megapixel", figures.count() / megapixels);
    // a megapixel of pixels of 1 µm² is 1 mm²
    values.put("nuclei_per_mm2", number(figures.count() / (megapixels * pixelUm2)));
    for (int q = 0; q < NucleiFigures.SHARES.size(); q++) {
      String name = "nucleus_area_p" + Math.round(100 * NucleiFigures.SHARES.get(q));
      values.put(name + "_px", number(figures.areas().get(q)));
      values.put(name + "_um2", number(figures.areas().get(q) * pixelUm2));
    }
    values.put("nearest_nucleus_px", number(figures.nearestPx()));
    values.put("nearest_nucleus_um", number(figures.nearestUm()));
    values.put("segmentation_seconds", figures.seconds());
    values.put(
        "warnings",
        seq(
            found.warnings().stream()
                .map(w -> (Object) RowFactory.create(w.code(), w.message(), w.remedy()))
                .toList()));
  }

  private static Double number(double value) {
    return Double.isNaN(value) ? null : value;
  }

  /** The one row of an image that failed. */
  Row failed(Failure failure, List<ImageFile> files, String fingerprint) {
    Map<String, Object> values = new HashMap<>();
    key(values, failure.image(), failure.groups());
    values.put("series", 0);
    values.put("z", 0);
    values.put("t", 0);
    values.put("files", files(files));
    values.put("fingerprint", fingerprint);
    values.put("channels", seq(List.of()));
    values.put("status", "failed");
    values.put("run", run);
    return row(Table.IMAGES, values);
  }

  /** The row that says why. */
  Row error(Failure failure, Timestamp time) {
    Map<String, Object> values = new HashMap<>();
    key(values, failure.image(), failure.groups());
    values.put("file", failure.file());
    values.put("stage", failure.stage());
    values.put("code", failure.code());
    values.put("message", failure.message());
    values.put("remedy", failure.remedy());
    values.put("time", time);
    return row(Table.ERRORS, values);
  }

  private void key(Map<String, Object> values, String image, List<String> groups) {
    values.put("image", image);
    for (int g = 0; g < layout.groups().size(); g++) {
      values.put(layout.groups().get(g), g < groups.size() ? groups.get(g) : null);
    }
  }

  private Row row(Table table, Map<String, Object> values) {
    String[] names = table.schema(layout).fieldNames();
    Object[] row = new Object[names.length];
    for (int i = 0; i < names.length; i++) {
      row[i] = values.get(names[i]);
    }
    return RowFactory.create(row);
  }

  private static Object files(List<ImageFile> files) {
    return seq(
        files.stream()
            .map(f -> (Object) RowFactory.create(f.path(), f.length(), new Timestamp(f.modified())))
            .toList());
  }

  private static Object seq(List<Object> list) {
    return scala.jdk.javaapi.CollectionConverters.asScala(list).toSeq();
  }
}
