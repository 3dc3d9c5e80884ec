package org.cytolake.facts;

import java.io.Serializable;
import org.apache.spark.sql.Row;

/**
 * One field of view at one z and t.
 *
 * @param image the image's id
 */
public record ImageKey(String image, int series, int z, int t) implements Serializable {

  /** From a row whose first columns are image, series, z and t. */
  public static ImageKey of(Row row) {
    return new ImageKey(row.getString(0), row.getInt(1), row.getInt(2), row.getInt(3));
  }

  /** The image's id, and z and t where they are not 0. */
  public String title() {
    return image + (z > 0 ? ", z " + z : "") + (t > 0 ? ", t " + t : "");
  }

  /** A file name that no image's name can lead elsewhere, and that no two images share. */
  public String fileName() {
    return FileNames.safe(image + (z > 0 ? "_z" + z : "") + (t > 0 ? "_t" + t : ""));
  }
}
