package org.cytolake.tables;

import org.apache.spark.sql.catalyst.InternalRow;
import org.cytolake.colocalization.Colocalization;

/** Rows of the table {@code colocalization}; NaN becomes NULL. */
public final class ColocalizationRow {
  private ColocalizationRow() {}

  /**
   * Of a region of the plane.
   *
   * @param row in which the key is set
   * @param x name of the first channel
   * @param y name of the second channel
   * @param levels to which intensities were binned for their ranks, or null for none
   */
  public static InternalRow ofRegion(
      RowByName row,
      String region,
      String x,
      String y,
      Colocalization of,
      Colocalization.Thresholds thresholds,
      Integer levels) {
    row.putNull("nucleus").put("levels", levels);
    return filled(row, region, x, y, of, thresholds);
  }

  /**
   * Of a nucleus, or of the ring around it.
   *
   * @param row in which the key is set
   * @param nucleus its number
   */
  public static InternalRow ofNucleus(
      RowByName row,
      String region,
      int nucleus,
      String x,
      String y,
      Colocalization of,
      Colocalization.Thresholds thresholds) {
    row.put("nucleus", nucleus).putNull("levels");
    return filled(row, region, x, y, of, thresholds);
  }

  private static InternalRow filled(
      RowByName row,
      String region,
      String x,
      String y,
      Colocalization of,
      Colocalization.Thresholds thresholds) {
    return row.put("region", region)
        .put("dropped_bits", 0)
        .put("x_channel", x)
        .put("y_channel", y)
        .put("pixels", of.pixels())
        .putUnlessNaN("pearson", of.pearson())
        .putUnlessNaN("spearman", of.spearman())
        .putUnlessNaN("slope", of.slope())
        .putUnlessNaN("overlap", of.overlap())
        .putUnlessNaN("k1", of.k1())
        .putUnlessNaN("k2", of.k2())
        .putUnlessNaN("li_icq", of.liIcq())
        .putUnlessNaN("manders_m1", of.manders().m1())
        .putUnlessNaN("manders_m2", of.manders().m2())
        .putUnlessNaN("manders_otsu_m1", of.mandersOtsu().m1())
        .putUnlessNaN("manders_otsu_m2", of.mandersOtsu().m2())
        .putUnlessNaN("manders_costes_m1", of.mandersCostes().m1())
        .putUnlessNaN("manders_costes_m2", of.mandersCostes().m2())
        .putUnlessNaN("manders_stained_m1", of.mandersCostesStained().m1())
        .putUnlessNaN("manders_stained_m2", of.mandersCostesStained().m2())
        .putUnlessNaN("otsu_x", thresholds.otsuX())
        .putUnlessNaN("otsu_y", thresholds.otsuY())
        .putUnlessNaN("costes_x", thresholds.costes().x())
        .putUnlessNaN("costes_y", thresholds.costes().y())
        .row();
  }
}
