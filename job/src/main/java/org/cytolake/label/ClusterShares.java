package org.cytolake.label;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.LabelWriter;
import org.cytolake.clusters.ModelName;
import org.cytolake.field.Field;
import org.cytolake.image.Region;
import org.cytolake.stardist.Window;
import org.cytolake.tables.RowByName;

/**
 * Rows of the table {@code cluster_shares} of one plane: the pixels of every nucleus, cell and
 * cytoplasm, counted by their clusters in the label images.
 *
 * @param scope of the models, as the tables have it
 * @param nuclei labels of nuclei
 * @param cells labels of cells by their nuclei's numbers; empty where none were looked for
 * @param painting of the plane's clusters; empty where none of its pixels is clustered
 * @param models for each, the cluster of every tuple
 */
public record ClusterShares(
    String scope,
    ImageLabels.Labels nuclei,
    Optional<ImageLabels.Labels> cells,
    Optional<ClusterPainting> painting,
    Map<ModelName, int[]> models) {

  /** Pixels of objects of one kind by number and cluster. */
  private static final class Counts {
    private final int clusters; // 0 among them
    private long[] pixels = {};

    Counts(int clusters) {
      this.clusters = clusters;
    }

    void add(int number, int cluster) {
      int at = Math.addExact(Math.multiplyExact(number, clusters), cluster);
      if (at >= pixels.length) {
        pixels = Arrays.copyOf(pixels, Math.max(at + 1, (int) Math.min(2L * at, 1 << 30)));
      }
      pixels[at]++;
    }

    void each(Consumer<RowByName> described, RowByName row, Consumer<InternalRow> to) {
      for (int from = 0; from + clusters <= pixels.length; from += clusters) {
        long all = 0;
        for (int c = 0; c < clusters; c++) {
          all += pixels[from + c];
        }
        for (int c = pixels[from] > 0 ? 0 : 1; all > 0 && c < clusters; c++) {
          described.accept(row);
          to.accept(
              row.put("nucleus", from / clusters)
                  .put("cluster", c)
                  .put("pixels", pixels[from + c])
                  .put("share", (double) pixels[from + c] / all)
                  .row());
        }
      }
    }
  }

  /**
   * Hands on the rows.
   *
   * @param row of the table, in which the key is set
   */
  public void each(Field field, RowByName row, Consumer<InternalRow> to)
      throws IOException, ImageReadException {
    Map<ModelName, Map<String, Counts>> counts = new LinkedHashMap<>();
    models.forEach((model, ofTuples) -> counts.put(model, counts(model, ofTuples)));
    for (Window window : LabelWriter.windows(field)) {
      int[] numbers = nuclei.of(window).clone();
      int[] bodies = cells.isPresent() ? cells.get().of(window).clone() : numbers;
      for (Map.Entry<ModelName, int[]> model : models.entrySet()) {
        int[] clusters =
            painting.isPresent()
                ? painting.get().paint(window, model.getValue())
                : ClusterPainting.nothing(window);
        count(numbers, bodies, clusters, (int) window.pixels(), counts.get(model.getKey()));
      }
    }
    counts.forEach(
        (model, ofKinds) ->
            ofKinds.forEach(
                (kind, of) ->
                    of.each(
                        r ->
                            r.put("scope", scope)
                                .put("method", model.method())
                                .put("k", model.k())
                                .put("object", kind),
                        row,
                        to)));
  }

  private Map<String, Counts> counts(ModelName model, int[] ofTuples) {
    int most = Math.max(model.k(), Arrays.stream(ofTuples).max().orElse(0));
    List<String> kinds = new ArrayList<>(List.of("nucleus"));
    if (cells.isPresent()) {
      kinds.addAll(List.of(Region.CELL, Region.CYTOPLASM));
    }
    Map<String, Counts> counts = new LinkedHashMap<>();
    kinds.forEach(kind -> counts.put(kind, new Counts(most + 1)));
    return counts;
  }

  private void count(int[] nuclei, int[] cells, int[] clusters, int n, Map<String, Counts> to) {
    Counts inNuclei = to.get("nucleus");
    Counts inCells = to.get(Region.CELL);
    Counts around = to.get(Region.CYTOPLASM);
    for (int i = 0; i < n; i++) {
      if (nuclei[i] > 0) {
        inNuclei.add(nuclei[i], clusters[i]);
      }
      if (inCells != null && cells[i] > 0) {
        inCells.add(cells[i], clusters[i]);
        if (nuclei[i] == 0) {
          around.add(cells[i], clusters[i]);
        }
      }
    }
  }
}
