package org.cytolake.tables;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.cytolake.colocalization.Colocalization;

/** Rows of the table {@code colocalization} behind its keys; NaN becomes NULL. */
public final class ColocalizationRow {
  private ColocalizationRow() {}

  /**
   * One row.
   *
   * @param nucleus label, or null for the whole region
   * @param x name of the first channel
   * @param y name of the second channel
   */
  public static Row of(
      String region,
      Integer nucleus,
      String x,
      String y,
      Colocalization of,
      Colocalization.Thresholds thresholds) {
    Object[] row = {
      region,
      nucleus,
      x,
      y,
      of.pixels(),
      of.pearson(),
      of.spearman(),
      of.slope(),
      of.overlap(),
      of.k1(),
      of.k2(),
      of.liIcq(),
      of.manders().m1(),
      of.manders().m2(),
      of.mandersOtsu().m1(),
      of.mandersOtsu().m2(),
      of.mandersCostes().m1(),
      of.mandersCostes().m2(),
      of.mandersCostesStained().m1(),
      of.mandersCostesStained().m2(),
      thresholds.otsuX(),
      thresholds.otsuY(),
      thresholds.costes().x(),
      thresholds.costes().y()
    };
    for (int i = 0; i < row.length; i++) {
      if (row[i] instanceof Double value && value.isNaN()) {
        row[i] = null;
      }
    }
    return RowFactory.create(row);
  }
}
