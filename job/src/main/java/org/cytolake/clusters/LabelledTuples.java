package org.cytolake.clusters;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cytolake.points.NearestTuple;
import org.cytolake.points.WeightedPoints;

/**
 * Models of one group or data set with the tuples that they have labels for; labels others too.
 *
 * @param seen the tuples
 * @param models with labels
 * @param labels by model, then tuple; -1 where a model has none
 * @param steps what tuples are looked up by, or null: themselves
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LabelledTuples(
    WeightedPoints seen, List<StoredModel> models, int[][] labels, DataSetTuples.Steps steps)
    implements Serializable {

  LabelledTuples {
    models = List.copyOf(models);
    if (labels.length != models.size()) {
      throw new IllegalArgumentException(
          labels.length + " lists of labels for " + models.size() + " models");
    }
  }

  /** Tuples in ascending order of their channels. */
  static final Comparator<List<Double>> BY_VALUES =
      (a, b) -> {
        int order = 0;
        for (int c = 0; c < a.size() && order == 0; c++) {
          order = Double.compare(a.get(c), b.get(c));
        }
        return order;
      };

  /**
   * From labels of tuples.
   *
   * @param labels by tuple, in their order: a label for every model, or -1
   */
  static LabelledTuples of(Map<List<Double>, int[]> labels, List<StoredModel> models) {
    int channels = labels.isEmpty() ? 1 : labels.keySet().iterator().next().size();
    double[][] values = new double[channels][labels.size()];
    int[][] ofModels = new int[models.size()][labels.size()];
    long[] ones = new long[labels.size()];
    Arrays.fill(ones, 1);
    int i = 0;
    for (Map.Entry<List<Double>, int[]> tuple : labels.entrySet()) {
      for (int c = 0; c < channels; c++) {
        values[c][i] = tuple.getKey().get(c);
      }
      for (int m = 0; m < ofModels.length; m++) {
        ofModels[m][i] = tuple.getValue()[m];
      }
      i++;
    }
    return new LabelledTuples(new WeightedPoints(values, ones), models, ofModels, null);
  }

  /** The models that were just fitted. */
  static LabelledTuples of(ClusterRows rows, DataSetTuples.Steps steps) {
    List<ClusterFit> fits = rows.fits().stream().filter(f -> f.reason() == null).toList();
    return new LabelledTuples(
        rows.points(),
        fits.stream().map(f -> StoredModel.of(f, rows.points())).toList(),
        fits.stream().map(ClusterFit::labels).toArray(int[][]::new),
        steps);
  }

  /** Ready to label; not shipped. */
  final class Labeller {
    private final Map<List<Double>, Integer> index = new HashMap<>();
    private final Map<List<Double>, NearestTuple> nearest = new HashMap<>();

    Labeller() {
      for (int i = 0; i < seen.size(); i++) {
        index.put(key(seen, i), i);
      }
    }

    /**
     * The clusters of tuples.
     *
     * @param known labels that they have already, a map from models' keys a tuple
     * @return by model, then tuple
     */
    int[][] of(WeightedPoints tuples, List<Map<String, Integer>> known) {
      int[] at = new int[tuples.size()];
      for (int i = 0; i < at.length; i++) {
        List<Double> key = key(tuples, i);
        at[i] = index.getOrDefault(steps == null ? key : steps.of(key), -1);
      }
      int[][] found = new int[models.size()][];
      for (int m = 0; m < found.length; m++) {
        found[m] = of(tuples, known, at, m);
      }
      return found;
    }

    private int[] of(WeightedPoints tuples, List<Map<String, Integer>> known, int[] at, int m) {
      String model = models.get(m).name().key();
      int[] found = new int[at.length];
      int[] unseen = new int[at.length];
      int n = 0;
      for (int i = 0; i < at.length; i++) {
        found[i] = known.get(i).getOrDefault(model, at[i] < 0 ? -1 : labels[m][at[i]]);
        if (found[i] < 0) {
          unseen[n++] = i;
        }
      }
      if (n > 0) {
        int[] rest = Arrays.copyOf(unseen, n);
        int[] predicted =
            models
                .get(m)
                .predict(
                    tuples.only(rest),
                    seen.size() == 0 ? null : nearest(models.get(m).scale()),
                    labels[m]);
        for (int i = 0; i < n; i++) {
          found[rest[i]] = Math.max(0, predicted[i]);
        }
      }
      return found;
    }

    private NearestTuple nearest(double[] scale) {
      return nearest.computeIfAbsent(
          Arrays.stream(scale).boxed().toList(),
          s -> {
            double[][] values = new double[seen.channels()][seen.size()];
            long[] pixels = new long[seen.size()];
            for (int i = 0; i < pixels.length; i++) {
              for (int c = 0; c < values.length; c++) {
                values[c][i] = seen.value(c, i) / scale[c];
              }
              pixels[i] = seen.weight(i);
            }
            return new NearestTuple(new WeightedPoints(values, pixels));
          });
    }
  }

  private static List<Double> key(WeightedPoints points, int tuple) {
    List<Double> key = new ArrayList<>(points.channels());
    for (int c = 0; c < points.channels(); c++) {
      key.add(points.value(c, tuple));
    }
    return key;
  }
}
