package org.cytolake.label;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.InternalRow;
import org.cytolake.field.Field;
import org.cytolake.output.PlainFiles;
import org.cytolake.store.ImageFiles;
import org.cytolake.tables.Layout;
import org.cytolake.tables.Table;

/** The GeoJSON file of one image's nuclei and cells, written plane by plane. */
public final class ImageOutlines {
  private final String name;
  private final Path file;
  private final Configuration hadoop;
  private final Outlines outlines;

  /**
   * Begins.
   *
   * @param folder where the files go, one folder a kind
   */
  public ImageOutlines(Layout layout, Field field, String folder, Configuration hadoop)
      throws IOException {
    this.name = ImageFiles.outlines(field.image());
    this.file = new Path(new Path(folder), name);
    this.hadoop = hadoop;
    this.outlines =
        new Outlines(
            PlainFiles.system(file, hadoop).create(file, true),
            field.image(),
            Table.NUCLEI.schema(layout),
            Table.CELLS.schema(layout));
  }

  /**
   * Takes a row of {@code nuclei}.
   *
   * @param cell what the table of cells has of the same nucleus
   */
  public void add(InternalRow nucleus, Optional<InternalRow> cell) throws IOException {
    outlines.add(nucleus, cell);
  }

  /**
   * Completes the file.
   *
   * @return its name relative to the folder
   */
  public String finish() throws IOException {
    outlines.close();
    return name;
  }

  /** Removes it. */
  public void discard() throws IOException {
    outlines.close();
    PlainFiles.system(file, hadoop).delete(file, false);
  }
}
