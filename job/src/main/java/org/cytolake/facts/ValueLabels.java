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
  static final int MOST = 200_000;

  /** Where a model says nothing of a tuple. */
  public static final int UNKNOWN = -1;

  private final Map<String, int[]> labels = new HashMap<>();
  private double[] first = new double[1024];
  private double[] second = new double[1024];
  private double[] pixels = new double[1024];
  private int channels = 1;
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

  private boolean addTuple(double[] values, double count) {
    size++;
    if (size > MOST) {
      labels.clear();
      return false;
    }
    if (size > first.length) {
      first = Arrays.copyOf(first, 2 * size);
      second = Arrays.copyOf(second, 2 * size);
      pixels = Arrays.copyOf(pixels, 2 * size);
    }
    channels = values.length;
    first[size - 1] = values[0];
    second[size - 1] = values.length > 1 ? values[1] : 0;
    pixels[size - 1] = count;
    return true;
  }

  private int[] labelsOf(String model) {
    int[] of = labels.getOrDefault(model, new int[0]);
    if (of.length < size) {
      int before = of.length;
      of = Arrays.copyOf(of, first.length);
      Arrays.fill(of, before, of.length, UNKNOWN);
      labels.put(model, of);
    }
    return of;
  }

  /** The tuples. */
  public WeightedPoints points() {
    double[][] values = new double[channels][];
    values[0] = Arrays.copyOf(first, size);
    if (channels > 1) {
      values[1] = Arrays.copyOf(second, size);
    }
    long[] weights = new long[size];
    Arrays.setAll(weights, i -> (long) pixels[i]);
    return new WeightedPoints(values, weights);
  }

  public int size() {
    return size;
  }

  /** Values in the first channel by tuple; {@link #size()} of its elements are valid. */
  public double[] first() {
    return first;
  }

  /** In the second; 0 where there is one channel only. */
  public double[] second() {
    return second;
  }

  public double[] pixels() {
    return pixels;
  }

  /** Number of channels, 1 or 2. */
  public int channels() {
    return channels;
  }

  /**
   * A model's labels by tuple, {@link #UNKNOWN} where it has none; null where it has none at all.
   */
  public int[] of(String model) {
    int[] of = labels.get(model);
    return of == null || of.length >= size ? of : labelsOf(model);
  }
}
