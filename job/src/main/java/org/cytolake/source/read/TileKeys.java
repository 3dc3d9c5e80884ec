package org.cytolake.source.read;

import org.cytolake.field.Columns;

/**
 * The columns of a tile that take no pixels: those of its image, and its rectangle.
 *
 * @param corrupt whether it is the row of what cannot be read, which has no rectangle
 */
public record TileKeys(PushedQuery query, Tile tile, boolean corrupt) implements Condition.Pixels {

  /** Whether it knows a column. */
  boolean has(String column) {
    return query.constantIndex(column) >= 0
        || switch (column) {
          case Columns.Y, Columns.X, Columns.HEIGHT, Columns.WIDTH -> true;
          default -> false;
        };
  }

  @Override
  public Object constant(String column) {
    int index = query.constantIndex(column);
    if (index >= 0) {
      return tile.constant(index, query.groups().size());
    }
    if (corrupt) {
      return null;
    }
    return switch (column) {
      case Columns.Y -> tile.y();
      case Columns.X -> tile.x();
      case Columns.HEIGHT -> tile.height();
      case Columns.WIDTH -> tile.width();
      default -> throw new IllegalStateException(column + " is not known without pixels");
    };
  }

  @Override
  public boolean isNull(String column) {
    return corrupt && query.constantIndex(column) < 0;
  }

  @Override
  public double value(String column, int i) {
    throw new IllegalStateException(column + " is not known without pixels");
  }

  @Override
  public int[] ints(String column) {
    return null;
  }
}
