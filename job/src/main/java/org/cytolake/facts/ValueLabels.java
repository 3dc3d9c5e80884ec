package org.cytolake.facts;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.cytolake.points.WeightedPoints;

/**
 * Which clusters pixels with given values belong to in each of an image's models, which are named
 * {@code <method>_<k>}. Beyond {@link #MOST} rows none is kept.
 */
public final class ValueLabels {
  /** Above so many distinct tuples of values no map of clusters is drawn. */
  static final int MOST = 1 << 20;

  /** Where a model says nothing of a tuple. */
  public static final int UNKNOWN = -1;

  private final Map<String, int[]> labels = new HashMap<>();
  private double[][] values = new double[1][1024]; // by channel and tuple
  private double[] pixels = new double[1024];
  private int size;

  private StructType lastSchema;
  private int valuesAt;
  private int pixelsAt;
  private int labelsAt;

  // maps that follow each other have the same keys in the same order
  private UTF8String[] lastKeys = {};
  private int[][] lastLabels = {};

  static String model(String method, int k) {
    return method + "_" + k;
  }

  /** Adds what one model says of a tuple. */
  public void add(double[] values, double count, String model, int cluster) {
    if (addTuple(values, count)) {
      labelsOf(model)[size - 1] = cluster;
    }
  }

  /** Adds a row of the table {@code cluster_labels}, which has the labels of all models. */
  public void add(StructType schema, InternalRow row) {
    if (!schema.equals(lastSchema)) { // at once where it is the same
      lastSchema = schema;
      valuesAt = schema.fieldIndex("values");
      pixelsAt = schema.fieldIndex("pixels");
      labelsAt = schema.fieldIndex("labels");
    }
    if (!addTuple(PartReader.numbers(row.getArray(valuesAt)), (double) row.getLong(pixelsAt))) {
      return;
    }
    MapData map = row.getMap(labelsAt);
    ArrayData keys = map.keyArray();
    ArrayData clusters = map.valueArray();
    if (lastKeys.length != keys.numElements()) {
      lastKeys = new UTF8String[keys.numElements()];
      lastLabels = new int[lastKeys.length][];
    }
    for (int i = 0; i < lastKeys.length; i++) {
      UTF8String key = keys.getUTF8String(i);
      if (!key.equals(lastKeys[i]) || lastLabels[i].length < size) {
        lastKeys[i] = key.copy();
        lastLabels[i] = labelsOf(key.toString());
      }
      lastLabels[i][size - 1] = clusters.isNullAt(i) ? UNKNOWN : clusters.getInt(i);
    }
  }

  private boolean addTuple(double[] tuple, double count) {
    size++;
    if (size > MOST) {
      labels.clear();
      return false;
    }
    if (size == 1 && tuple.length != values.length) {
      values = new double[tuple.length][pixels.length];
    }
    if (size > pixels.length) {
      for (int c = 0; c < values.length; c++) {
        values[c] = Arrays.copyOf(values[c], 2 * size);
      }
      pixels = Arrays.copyOf(pixels, 2 * size);
    }
    for (int c = 0; c < values.length; c++) {
      values[c][size - 1] = tuple[c];
    }
    pixels[size - 1] = count;
    return true;
  }

  private int[] labelsOf(String model) {
    int[] of = labels.getOrDefault(model, new int[0]);
    if (of.length < size) {
      int before = of.length;
      of = Arrays.copyOf(of, pixels.length);
      Arrays.fill(of, before, of.length, UNKNOWN);
      labels.put(model, of);
    }
    return of;
  }

  /** The tuples. */
  public WeightedPoints points() {
    double[][] own = new double[values.length][];
    for (int c = 0; c < own.length; c++) {
      own[c] = Arrays.copyOf(values[c], size);
    }
    long[] weights = new long[size];
    Arrays.setAll(weights, i -> (long) pixels[i]);
    return new WeightedPoints(own, weights);
  }

  public int size() {
    return size;
  }

  /** Values in a channel by tuple; {@link #size()} of its elements are valid. */
  public double[] values(int channel) {
    return values[channel];
  }

  public double[] pixels() {
    return pixels;
  }

  /** Number of channels. */
  public int channels() {
    return values.length;
  }

  /**
   * A model's labels by tuple, {@link #UNKNOWN} where it has none; null where it has none at all.
   */
  public int[] of(String model) {
    int[] of = labels.get(model);
    return of == null || of.length >= size ? of : labelsOf(model);
  }
}
