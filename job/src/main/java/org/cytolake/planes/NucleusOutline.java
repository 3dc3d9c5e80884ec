package org.cytolake.planes;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Row;
import org.cytolake.stardist.Outline;

/**
 * A nucleus as the table {@code nuclei} has it.
 *
 * @param number its label
 * @param ys rows of the outline's vertices; {@code xs} columns
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record NucleusOutline(int z, int t, int number, float prob, float[] ys, float[] xs)
    implements Serializable {
  /** Of a row of (image, z, t, nucleus, prob, polygon). */
  public static NucleusOutline of(Row row) {
    List<Row> polygon = row.getList(5);
    float[] ys = new float[polygon.size()];
    float[] xs = new float[polygon.size()];
    for (int i = 0; i < ys.length; i++) {
      ys[i] = (float) polygon.get(i).getDouble(0);
      xs[i] = (float) polygon.get(i).getDouble(1);
    }
    return new NucleusOutline(
        row.getInt(1), row.getInt(2), row.getInt(3), (float) row.getDouble(4), ys, xs);
  }

  public Outline outline() {
    return new Outline(number, prob, ys, xs);
  }
}
