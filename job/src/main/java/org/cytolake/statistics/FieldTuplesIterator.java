package org.cytolake.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.image.Region;

/**
 * Puts fields together from rows of {@link FieldExploration#rows}, which come sorted by field,
 * region and part.
 */
final class FieldTuplesIterator implements Iterator<FieldTuples> {
  private final Iterator<Row> rows;
  private final int keys;
  private final int channels;
  private final int pairs;
  private Row pending;

  /**
   * @param keys number of key columns, the region not among them
   */
  FieldTuplesIterator(Iterator<Row> rows, int keys, int channels, int pairs) {
    this.rows = rows;
    this.keys = keys;
    this.channels = channels;
    this.pairs = pairs;
    advance();
  }

  private void advance() {
    pending = rows.hasNext() ? rows.next() : null;
  }

  @Override
  public boolean hasNext() {
    return pending != null;
  }

  @Override
  public FieldTuples next() {
    if (pending == null) {
      throw new NoSuchElementException();
    }
    Row first = pending;
    Map<String, FieldTuples.Region> regions = new LinkedHashMap<>();
    regions.put(Region.WHOLE, null); // stands first, wherever its rows do
    while (pending != null && sameField(first, pending)) {
      String region = pending.getString(keys);
      regions.put(region, region(region, first));
    }
    return new FieldTuples(first, regions);
  }

  private boolean sameField(Row a, Row b) {
    for (int k = 0; k < keys; k++) {
      if (!a.get(k).equals(b.get(k))) {
        return false;
      }
    }
    return true;
  }

  private FieldTuples.Region region(String name, Row field) {
    Histogram[] ofChannel = new Histogram[channels];
    Double[] means = new Double[channels];
    Double[] stddevs = new Double[channels];
    JointHistogram[] ofPair = new JointHistogram[pairs];
    int[] droppedBits = new int[pairs];
    Arrays.fill(ofChannel, Histogram.EMPTY);
    Arrays.fill(ofPair, JointHistogram.empty(2));
    while (pending != null && sameField(field, pending) && name.equals(pending.getString(keys))) {
      Row first = pending;
      int part = first.getAs(FieldExploration.PART);
      Part read = part(field, name, part);
      if (part < 0) {
        int c = -1 - part;
        ofChannel[c] = Histogram.of(read.a, read.counts);
        means[c] = first.getAs(FieldExploration.EXACT_MEAN);
        stddevs[c] = first.getAs(FieldExploration.EXACT_STDDEV);
      } else {
        ofPair[part] = JointHistogram.of(new double[][] {read.a, read.b}, read.counts);
        droppedBits[part] = first.getAs(PixelTuples.DROPPED_BITS);
      }
    }
    return new FieldTuples.Region(List.of(ofChannel), means, stddevs, List.of(ofPair), droppedBits);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Part(double[] a, double[] b, long[] counts) {}

  /** The rows of one channel or pair. */
  private Part part(Row field, String region, int part) {
    int a = pending.fieldIndex(FieldExploration.A);
    int b = pending.fieldIndex(FieldExploration.B);
    int n = pending.fieldIndex(PixelTuples.COUNT);
    int partAt = pending.fieldIndex(FieldExploration.PART);
    List<Row> taken = new ArrayList<>();
    while (pending != null
        && pending.getInt(partAt) == part
        && region.equals(pending.getString(keys))
        && sameField(field, pending)) {
      taken.add(pending);
      advance();
    }
    double[] as = new double[taken.size()];
    double[] bs = new double[taken.size()];
    long[] counts = new long[taken.size()];
    for (int i = 0; i < counts.length; i++) {
      Row row = taken.get(i);
      as[i] = row.getDouble(a);
      bs[i] = part < 0 ? 0 : row.getDouble(b);
      counts[i] = row.getLong(n);
    }
    return new Part(as, bs, counts);
  }
}
