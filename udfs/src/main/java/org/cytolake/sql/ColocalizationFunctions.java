package org.cytolake.sql;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.cytolake.colocalization.Colocalization;
import org.cytolake.colocalization.Manders;
import org.cytolake.density.KernelDensity;
import org.cytolake.histogram.JointHistogram;

/** Co-localisation and density of two channels, as generated code calls them. */
public final class ColocalizationFunctions {
  /** What {@link #colocalization} returns. */
  static final StructType COEFFICIENTS =
      coefficients(
          "pearson",
          "spearman",
          "slope",
          "overlap",
          "k1",
          "k2",
          "li_icq",
          "manders_m1",
          "manders_m2",
          "otsu_x",
          "otsu_y",
          "manders_otsu_m1",
          "manders_otsu_m2",
          "costes_x",
          "costes_y",
          "manders_costes_m1",
          "manders_costes_m2",
          "manders_costes_stained_m1",
          "manders_costes_stained_m2");

  /** What {@link #kernelDensity} returns. */
  static final ArrayType DENSITY =
      Entries.rowsOf(
          Entries.field("x", DataTypes.DoubleType),
          Entries.field("y", DataTypes.DoubleType),
          Entries.field("density", DataTypes.DoubleType));

  private ColocalizationFunctions() {}

  private static StructType coefficients(String... names) {
    StructType type = new StructType().add("pixels", DataTypes.LongType, false);
    for (String name : names) {
      type = type.add(name, DataTypes.DoubleType, true);
    }
    return type;
  }

  /**
   * All coefficients.
   *
   * @param tuples structs of x, y (double) and count (long)
   * @param bits of floating point of the values: 32 or 64, 0 for integers
   */
  public static InternalRow colocalization(ArrayData tuples, int bits) {
    return colocalization(Entries.jointHistogram("colocalization", tuples), bits);
  }

  /**
   * All coefficients.
   *
   * @param xs doubles
   * @param xBits of floating point of xs: 32 or 64, 0 for integers
   * @param ys as many doubles
   * @param yBits of floating point of ys, likewise
   * @param counts as many longs
   */
  public static InternalRow colocalization(
      ArrayData xs, int xBits, ArrayData ys, int yBits, ArrayData counts) {
    return colocalization(
        Entries.jointHistogram("colocalization", xs, ys, counts), Math.max(xBits, yBits));
  }

  private static InternalRow colocalization(JointHistogram channels, int bits) {
    Colocalization c =
        Entries.named(
            "colocalization", () -> Colocalization.of(channels, HistogramFunctions.kindOf(bits)));
    return Entries.row(
        c.pixels(),
        Entries.orNull(c.pearson()),
        Entries.orNull(c.spearman()),
        Entries.orNull(c.slope()),
        Entries.orNull(c.overlap()),
        Entries.orNull(c.k1()),
        Entries.orNull(c.k2()),
        Entries.orNull(c.liIcq()),
        m1(c.manders()),
        m2(c.manders()),
        Entries.orNull(c.mandersOtsu().xThreshold()),
        Entries.orNull(c.mandersOtsu().yThreshold()),
        m1(c.mandersOtsu()),
        m2(c.mandersOtsu()),
        Entries.orNull(c.mandersCostes().xThreshold()),
        Entries.orNull(c.mandersCostes().yThreshold()),
        m1(c.mandersCostes()),
        m2(c.mandersCostes()),
        m1(c.mandersCostesStained()),
        m2(c.mandersCostesStained()));
  }

  private static Double m1(Manders manders) {
    return Entries.orNull(manders.m1());
  }

  private static Double m2(Manders manders) {
    return Entries.orNull(manders.m2());
  }

  /**
   * The density at the points of a grid, row by row.
   *
   * @param tuples structs of x, y (double) and count (long)
   * @return NULL where the channels do not spread over two dimensions
   */
  public static ArrayData kernelDensity(ArrayData tuples, int gridSize, double cut) {
    JointHistogram channels = Entries.jointHistogram("kernel_density", tuples);
    KernelDensity density =
        Entries.named("kernel_density", () -> KernelDensity.of(channels, gridSize, cut));
    if (density.isEmpty()) {
      return null;
    }
    InternalRow[] rows = new InternalRow[Math.multiplyExact(density.xSize(), density.ySize())];
    for (int row = 0; row < density.ySize(); row++) {
      for (int column = 0; column < density.xSize(); column++) {
        rows[row * density.xSize() + column] =
            Entries.row(density.x(column), density.y(row), density.density(column, row));
      }
    }
    return Entries.rows(rows);
  }
}
