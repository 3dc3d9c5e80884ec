package org.cytolake.label;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.cytolake.field.Field;
import org.cytolake.image.Region;
import org.cytolake.store.Run;
import org.cytolake.tables.Table;

/**
 * What the tables say of planes, as rows of one kind of many, so that one shuffle brings all of an
 * image together: image, z, t, kind, name, n, a, b, c, ys, xs.
 */
final class SheetRows {
  static final int IMAGE = 0;
  static final int Z = 1;
  static final int T = 2;
  static final int KIND = 3;
  static final int NAME = 4;
  static final int N = 5;
  static final int A = 6;
  static final int B = 7;
  static final int C = 8;
  static final int YS = 9;
  static final int XS = 10;

  /** The plane itself. */
  static final int PLANE = 0;

  /** Channel; stain threshold, minimum, maximum. */
  static final int FACTS = 1;

  /** Low bits dropped of the tuples. */
  static final int BITS = 2;

  /** Intensity and result of the transform, which is the same for all channels. */
  static final int TABLE = 3;

  /** Method, k; the values, cluster. */
  static final int LABEL = 4;

  /** Number; probability, rows and columns of the outline. */
  static final int NUCLEUS = 5;

  /** Method, k: the model that was selected. */
  static final int SELECTED = 6;

  private static final StructType PLANES =
      new StructType()
          .add("image", DataTypes.StringType)
          .add("z", DataTypes.IntegerType)
          .add("t", DataTypes.IntegerType);

  /**
   * How pixels are clustered.
   *
   * @param channels the clustering channels' names; empty where clusters are not wanted
   * @param types their Spark types
   * @param values as {@code clustering.values}
   * @param reference the look-up table's reference; null where there is no table
   * @param pixels as {@code clustering.pixels}
   * @param region in which pixels are clustered; null for all
   * @param ownModels whether each plane has models of its own
   */
  record How(
      List<String> channels,
      List<DataType> types,
      String values,
      String reference,
      String pixels,
      Region region,
      boolean ownModels)
      implements Serializable {
    How {
      channels = List.copyOf(channels);
      types = List.copyOf(types);
    }
  }

  private SheetRows() {}

  /**
   * The rows, all of an image in one partition, plane by plane in order of t and z.
   *
   * @param nuclei whether outlines are wanted
   */
  static Dataset<Row> of(
      SparkSession spark, Run run, List<Field> fields, How how, boolean nuclei, int partitions) {
    List<Row> planes = new ArrayList<>();
    for (Field field : fields) {
      for (int z = field.firstZ(); z < field.firstZ() + field.sizeZ(); z++) {
        for (int t = 0; t < field.sizeT(); t++) {
          planes.add(RowFactory.create(field.image(), z, t));
        }
      }
    }
    Dataset<Row> wanted = spark.createDataFrame(planes, PLANES);
    Dataset<Row> images = broadcast(wanted.select("image").distinct());
    Dataset<Row> all = row(wanted, PLANE, "NULL", "0", "0", "0", "0");
    if (!how.channels.isEmpty()) {
      all = all.unionByName(clusters(run, images, how));
    }
    if (nuclei) {
      Dataset<Row> found =
          run.read(Table.NUCLEI)
              .join(images, "image")
              .select(
                  columns(
                      NUCLEUS,
                      "NULL",
                      "nucleus",
                      "prob",
                      "0",
                      "0",
                      "transform(polygon, v -> v.y)",
                      "transform(polygon, v -> v.x)"));
      all = all.unionByName(found);
    }
    return all.repartition(partitions, col("image"))
        .sortWithinPartitions("image", "t", "z", "kind", "name", "n");
  }

  private static Dataset<Row> clusters(Run run, Dataset<Row> images, How how) {
    Object[] channels = how.channels.toArray();
    Dataset<Row> all =
        row(
            run.read(Table.CHANNEL_STATS)
                .where(col("region").equalTo(Region.WHOLE).and(col("channel").isin(channels)))
                .join(images, "image"),
            FACTS,
            "channel",
            "0",
            "stain_threshold",
            "min",
            "max");
    if (channels.length > 1) {
      Dataset<Row> tuples =
          run.read(Table.JOINT_HISTOGRAMS)
              .where(col("region").equalTo(how.region == null ? Region.WHOLE : how.region.name()));
      for (String channel : how.channels) {
        tuples = tuples.where(col("`" + channel + "`").isNotNull());
      }
      Dataset<Row> bits =
          tuples.join(images, "image").groupBy("image", "z", "t").agg(max("dropped_bits").as("n"));
      all = all.unionByName(row(bits, BITS, "NULL", "n", "0", "0", "0"));
    }
    if (how.reference != null) {
      Dataset<Row> tables =
          run.read(Table.LOOKUP_TABLES)
              .where(col("transform").equalTo(how.values))
              .where(col("reference").equalTo(how.reference))
              .join(images, "image");
      all = all.unionByName(row(tables, TABLE, "NULL", "0", "value", "result", "0"));
    }
    if (how.ownModels) {
      Dataset<Row> labels = run.read(Table.CLUSTER_LABELS).join(images, "image");
      Dataset<Row> selected = run.read(Table.CLUSTER_MODELS).where("selected");
      all =
          all.unionByName(
              row(selected.join(images, "image"), SELECTED, "method", "k", "0", "0", "0"));
      String second = channels.length > 1 ? "values[1]" : "0";
      all = all.unionByName(row(labels, LABEL, "method", "k", "values[0]", second, "cluster"));
    }
    return all;
  }

  private static Dataset<Row> row(
      Dataset<Row> rows, int kind, String name, String n, String a, String b, String c) {
    return rows.select(columns(kind, name, n, a, b, c, "NULL", "NULL"));
  }

  private static Column[] columns(
      int kind, String name, String n, String a, String b, String c, String ys, String xs) {
    return new Column[] {
      col("image"),
      col("z"),
      col("t"),
      lit(kind).as("kind"),
      expr("CAST(" + name + " AS STRING)").as("name"),
      expr("CAST(" + n + " AS INT)").as("n"),
      number(a).as("a"),
      number(b).as("b"),
      number(c).as("c"),
      expr("CAST(" + ys + " AS ARRAY<DOUBLE>)").as("ys"),
      expr("CAST(" + xs + " AS ARRAY<DOUBLE>)").as("xs")
    };
  }

  private static Column number(String text) {
    return expr("CAST(" + text + " AS DOUBLE)");
  }

  /** The planes of sorted rows, one after the other. */
  static Iterator<PlaneSheet> sheets(Iterator<Row> sorted, How how) {
    return new Iterator<>() {
      private Row pending = sorted.hasNext() ? sorted.next() : null;

      @Override
      public boolean hasNext() {
        while (pending != null && pending.getInt(KIND) != PLANE) { // of a plane that failed
          pending = sorted.hasNext() ? sorted.next() : null;
        }
        return pending != null;
      }

      @Override
      public PlaneSheet next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        PlaneSheet sheet = new PlaneSheet(pending, how);
        while (pending != null && sheet.isOf(pending)) {
          sheet.add(pending);
          pending = sorted.hasNext() ? sorted.next() : null;
        }
        return sheet;
      }
    };
  }
}
