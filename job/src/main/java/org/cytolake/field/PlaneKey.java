package org.cytolake.field;

import java.io.Serializable;
import org.apache.spark.sql.Row;

/**
 * One field of view at one z and t.
 *
 * @param image the image's id
 * @param series the image's series
 */
public record PlaneKey(String image, int series, int z, int t) implements Serializable {
  /** Of a row whose first columns are image, series, z and t. */
  public static PlaneKey of(Row row) {
    return new PlaneKey(row.getString(0), row.getInt(1), row.getInt(2), row.getInt(3));
  }
}
