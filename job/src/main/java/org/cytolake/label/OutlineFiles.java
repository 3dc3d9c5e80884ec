package org.cytolake.label;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.cytolake.output.ImageFiles;
import org.cytolake.output.Layout;
import org.cytolake.output.PlainFiles;
import org.cytolake.output.Run;
import org.cytolake.output.Table;
import org.cytolake.source.Field;
import scala.Function1;

/** Writes the nuclei's outlines as GeoJSON, one file an image, from a run's table of nuclei. */
public final class OutlineFiles {
  private static final String IMAGE = "image";

  private final SparkSession spark;
  private final Layout layout;

  public OutlineFiles(SparkSession spark, Layout layout) {
    this.spark = spark;
    this.layout = layout;
  }

  /**
   * Stages the files of these images; those of images without a new file go.
   *
   * @param fields images whose outlines are written
   * @param replaced ids of all images whose files are replaced
   */
  public void stage(Run run, List<Field> fields, Set<String> replaced, Configuration hadoop) {
    String folder = run.scratch() + "/outlines";
    Set<String> written = fields.stream().map(Field::image).collect(Collectors.toSet());
    if (!fields.isEmpty()) {
      write(run.read(Table.NUCLEI), List.copyOf(written), folder, hadoop);
    }
    for (String image : replaced) {
      String name = ImageFiles.GEOJSON.name(image);
      run.replaceFile(name, written.contains(image) ? folder + "/" + name : null);
    }
  }

  private void write(Dataset<Row> nuclei, List<String> images, String folder, Configuration conf) {
    @SuppressWarnings("resource") // the context belongs to the session
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int tasks = Math.min(images.size(), 4 * Math.max(1, context.defaultParallelism()));
    Dataset<Row> ids = spark.createDataset(images, Encoders.STRING()).toDF("outlined");
    List<String> written =
        ids.join(nuclei, col("outlined").equalTo(col(IMAGE)), "left") // images without nuclei too
            .drop(IMAGE)
            .withColumnRenamed("outlined", IMAGE)
            .select(columns(Table.NUCLEI.schema(layout)))
            .repartition(tasks, col(IMAGE))
            .sortWithinPartitions(IMAGE, "series", "z", "t", "nucleus")
            .mapPartitions(
                new Write(
                    context.broadcast(new SerializableConfiguration(conf)),
                    Table.NUCLEI.schema(layout),
                    folder),
                Encoders.STRING())
            .collectAsList();
    if (written.size() != images.size()) {
      throw new IllegalStateException(
          written.size() + " files of outlines of " + images.size() + " images");
    }
  }

  private static Column[] columns(StructType schema) {
    return Arrays.stream(schema.fieldNames())
        .map(name -> col("`" + name + "`"))
        .toArray(Column[]::new);
  }

  /**
   * The function of a {@code mapPartitions} over nuclei in the order of images. A file is begun
   * again by a task that is tried again.
   */
  private record Write(
      Broadcast<SerializableConfiguration> hadoop, StructType schema, String folder)
      implements MapPartitionsFunction<Row, String> {

    @Override
    public Iterator<String> call(Iterator<Row> rows) throws IOException {
      Function1<Object, Object> internal = CatalystTypeConverters.createToCatalystConverter(schema);
      List<String> written = new ArrayList<>();
      String image = null;
      Outlines outlines = null;
      try {
        while (rows.hasNext()) {
          Row row = rows.next();
          String next = row.getAs(IMAGE);
          if (!next.equals(image)) {
            if (outlines != null) {
              outlines.close();
            }
            image = next;
            outlines = open(image);
            written.add(image);
          }
          if (row.getAs("nucleus") != null) {
            outlines.add((InternalRow) internal.apply(row));
          }
        }
      } finally {
        if (outlines != null) {
          outlines.close();
        }
      }
      return written.iterator();
    }

    private Outlines open(String image) throws IOException {
      Path path = new Path(new Path(folder), ImageFiles.GEOJSON.name(image));
      FileSystem fs = PlainFiles.system(path, hadoop.value().value());
      return new Outlines(fs.create(path, true), image, schema);
    }
  }
}
