package org.cytolake.tables;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

/** The columns of the tables {@code cells} and {@code cytoplasm}. */
final class CellSchema {
  private CellSchema() {}

  static Schemas cells(Schemas keys, Schemas.Names names) {
    Schemas columns =
        place(keys)
            .with(
                "polygon",
                createArrayType(NucleusSchema.vertex()),
                "Outline along the edges of its pixels, one vertex per corner, not closed; of its"
                    + " largest part that hangs together along rows and columns");
    columns = NucleusSchema.lengths(columns);
    columns = NucleusSchema.intensities(columns, names, "", "its pixels", "");
    for (String c : names.channels()) {
      columns =
          columns.with(
              "nucleus_to_cytoplasm_" + c,
              DoubleType,
              "Mean intensity of its nucleus in "
                  + c
                  + " divided by that of its cytoplasm; NULL without cytoplasm, or where that is"
                  + " 0");
    }
    return columns;
  }

  static Schemas cytoplasm(Schemas keys, Schemas.Names names) {
    return NucleusSchema.intensities(
        NucleusSchema.lengths(place(keys)), names, "", "its pixels", "");
  }

  private static Schemas place(Schemas keys) {
    return NucleusSchema.box(
        keys.with(
            "nucleus",
            IntegerType,
            "The label of its nucleus in the table nuclei, and its own in the label image of cells,"
                + " 1 or more"));
  }
}
