package org.cytolake.label;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.cytolake.bioformats.Samples;
import org.cytolake.clusters.ClusterModel;
import org.cytolake.clusters.ClusterTable;
import org.cytolake.clusters.PixelClusters;
import org.cytolake.clusters.PixelValue;
import org.cytolake.clusters.PixelValue.Counting;
import org.cytolake.image.LabelImage;
import org.cytolake.image.Region;
import org.cytolake.intensity.LookupTable;
import org.cytolake.stardist.Outline;
import org.cytolake.stardist.StarDist;
import org.cytolake.stardist.Window;

/** What the tables say of one plane, gathered from {@link SheetRows}. Not thread-safe. */
final class PlaneSheet {
  private final String image;
  private final int z;
  private final int t;
  private final SheetRows.How how;
  private final List<Outline> outlines = new ArrayList<>();
  private final ClusterTable ofPlane = new ClusterTable();
  private final double[][] facts; // by channel: threshold, min, max; null where there is none
  private final TreeMap<Double, Double> transform = new TreeMap<>(); // by intensity
  private final Map<String, Integer> selected = new TreeMap<>(); // k by method
  private int droppedBits;
  private PixelClusters clusters;

  PlaneSheet(Row first, SheetRows.How how) {
    this.image = first.getString(SheetRows.IMAGE);
    this.z = first.getInt(SheetRows.Z);
    this.t = first.getInt(SheetRows.T);
    this.how = how;
    this.facts = new double[how.channels().size()][];
  }

  String image() {
    return image;
  }

  int z() {
    return z;
  }

  int t() {
    return t;
  }

  boolean isOf(Row row) {
    return row.getInt(SheetRows.Z) == z
        && row.getInt(SheetRows.T) == t
        && row.getString(SheetRows.IMAGE).equals(image);
  }

  void add(Row row) {
    String name = row.getString(SheetRows.NAME);
    double a = row.getDouble(SheetRows.A);
    double b = row.getDouble(SheetRows.B);
    double c = row.getDouble(SheetRows.C);
    int n = row.getInt(SheetRows.N);
    switch (row.getInt(SheetRows.KIND)) {
      case SheetRows.FACTS -> facts[how.channels().indexOf(name)] = new double[] {a, b, c};
      case SheetRows.BITS -> droppedBits = n;
      case SheetRows.TABLE -> transform.put(a, b);
      case SheetRows.LABEL -> ofPlane.add(new ClusterModel(name, n), a, b, (int) c);
      case SheetRows.NUCLEUS ->
          outlines.add(
              new Outline(
                  n,
                  (float) a,
                  floats(row.getList(SheetRows.YS)),
                  floats(row.getList(SheetRows.XS))));
      case SheetRows.SELECTED -> selected.put(name, n);
      default -> {} // the plane itself
    }
  }

  private static float[] floats(List<Double> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) (double) values.get(i);
    }
    return floats;
  }

  /** The nuclei in a window, by their numbers in the table {@code nuclei}. */
  LabelImage nuclei(Window window, int height, int width) {
    return StarDist.paintOutlines(
        window.pixels() == (long) height * width
            ? outlines
            : outlines.stream()
                .filter(o -> o.bounds(height, width).filter(window::meets).isPresent())
                .toList(),
        window);
  }

  /**
   * Places in {@link #table} of the pixels in a window.
   *
   * @param shared the models of several images, or null where each plane has its own
   * @param samples of the clustering channels
   * @param places receives one a pixel, row by row; -1 for those not clustered
   */
  void places(ClusterTable shared, Window window, List<Samples> samples, int[] places) {
    int size = (int) window.pixels();
    if (Arrays.stream(facts).anyMatch(f -> f == null)) { // no finite pixel
      Arrays.fill(places, 0, size, -1);
      return;
    }
    if (clusters == null) {
      clusters = clusters(shared == null ? ofPlane : shared);
    }
    clusters.places(
        samples.get(0)::at, samples.size() > 1 ? samples.get(1)::at : null, size, places);
    Region region = how.region();
    for (int i = 0; region != null && i < size; i++) {
      int y = window.top() + i / window.width() - region.y();
      int x = window.left() + i % window.width() - region.x();
      if (y < 0 || x < 0 || y >= region.height() || x >= region.width()) {
        places[i] = -1;
      }
    }
  }

  private PixelClusters clusters(ClusterTable table) {
    LookupTable lookUp =
        transform.isEmpty()
            ? null
            : LookupTable.of(doubles(transform.keySet()), doubles(transform.values()));
    List<PixelValue> intensities = new ArrayList<>();
    for (int c = 0; c < facts.length; c++) {
      intensities.add(
          new PixelValue(
              new Counting(
                  how.types().get(c), facts[c][1], facts[c][2], facts.length > 1 ? droppedBits : 0),
              how.values().equals("log"),
              how.pixels().equals("stained") ? facts[c][0] : 0,
              lookUp));
    }
    return new PixelClusters(table, PixelClusters.Chosen.of(how.pixels()), intensities);
  }

  private static double[] doubles(Collection<Double> values) {
    return values.stream().mapToDouble(v -> v).toArray();
  }

  /** The number of clusters that was chosen, by method, where the plane has models of its own. */
  Map<String, Integer> selected() {
    return selected;
  }

  /** The models' labels by place; those of the plane itself unless shared ones are given. */
  ClusterTable table(ClusterTable shared) {
    return shared == null ? ofPlane : shared;
  }
}
