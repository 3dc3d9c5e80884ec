package org.cytolake.report;

import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.facts.ImageFacts;
import org.cytolake.facts.ImageKey;
import org.cytolake.facts.ReportSettings;
import org.cytolake.tables.Layout;
import org.cytolake.tables.PlaneRows;
import org.cytolake.tables.Table;

/**
 * Draws the report's part of planes while their rows and pixels are in memory.
 *
 * @param types Spark type of every channel
 */
public record PlaneReports(
    ReportSettings settings, Layout layout, List<DataType> types, ImagePages pages)
    implements Serializable {
  public PlaneReports {
    types = List.copyOf(types);
  }

  /** The same for an image whose samples have types of their own, within those of the tables. */
  public PlaneReports with(List<DataType> own) {
    return new PlaneReports(settings, layout, own, pages);
  }

  /**
   * Draws a plane and writes its files.
   *
   * @param rows of all tables but {@code images}
   * @param imageRow the row of that
   * @return what the first page needs of it
   */
  public Row draw(
      ImageKey key,
      PlaneRows rows,
      InternalRow imageRow,
      PlanePixels pixels,
      Configuration hadoop) {
    ImageReport report = new ImageReport(settings, layout.groups(), types);
    ImageFacts facts = report.facts(key);
    facts.add(Table.IMAGES, Table.IMAGES.schema(layout), imageRow);
    for (Table table : report.tables()) {
      StructType schema = table.schema(layout);
      rows.each(table, row -> facts.add(table, schema, row));
    }
    return pages.write(report.render(facts, pixels), hadoop);
  }

  /** Removes what {@link #draw} wrote. */
  public void discard(Row drawn, Configuration hadoop) {
    pages.discard(drawn, hadoop);
  }
}
