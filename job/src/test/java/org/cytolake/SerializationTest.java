package org.cytolake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.execution.datasources.v2.BatchScanExec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.cytolake.bioformats.zarr.PyramidLevel;
import org.cytolake.catalog.ArrivalOptions;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.Listing;
import org.cytolake.catalog.RowSize;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.network.ModelFile;
import org.cytolake.nuclei.Tiling;
import org.cytolake.source.LocalSpark;
import org.cytolake.source.TestImages;
import org.cytolake.stardist.PlaneTile;
import org.cytolake.stardist.StarThresholds;
import org.cytolake.tables.ChannelColumn;
import org.cytolake.tables.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is shipped to executors comes through Java serialisation as it was. */
final class SerializationTest {
  @TempDir Path folder;

  private SourceOptions options() {
    TestImages.write(
        folder.resolve("a.ome.tif"),
        TestImages.Spec.of(40, 30, "uint16", TestImages.coded()).channels(2).micrometres(0.65));
    return new SourceOptions(
        List.of(folder.toString()),
        null,
        SourceOptions.parseChannels("1=dna,2=actin"),
        SourceOptions.ALL_Z,
        false,
        true,
        RowSize.PIXELS,
        SourceOptions.DEFAULT_TILE_PIXELS,
        SourceOptions.DEFAULT_PARTITION_PIXELS,
        true,
        60,
        PyramidLevel.FULL,
        ArrivalOptions.DEFAULT);
  }

  @Test
  void recordsAreEqualAfterwards() throws Exception {
    SourceOptions options = options();
    Configuration hadoop = LocalSpark.session().sessionState().newHadoopConf();
    ImageCatalog catalog = ImageCatalog.load(options, hadoop, LocalSpark.session());
    assertThat(catalog.fields()).hasSize(1);
    Layout layout =
        new Layout(List.of("well"), List.of(new ChannelColumn("dna", DataTypes.IntegerType)));
    List<Serializable> shipped =
        List.of(
            options,
            Listing.of(options, hadoop),
            catalog,
            catalog.fields().get(0),
            layout,
            new Tiling(16, 112, 1 << 20),
            PlaneTile.whole(30, 40, 16),
            new StarThresholds(0.5, 0.3));
    for (Serializable object : shipped) {
      assertThat(Shipped.roundTrip(object)).isEqualTo(object).isNotSameAs(object);
    }
    ModelFile model = ModelFile.builtIn("fp32");
    assertThat(Shipped.roundTrip(model).sha256()).isEqualTo(model.sha256());
    assertThat(Shipped.roundTrip(model).bytes()).isEqualTo(model.bytes());
  }

  @Test
  void readersReadTheSameAfterwards() throws Exception {
    options();
    Dataset<Row> pixels =
        LocalSpark.session()
            .read()
            .format("microscopy")
            .options(Map.of("channels", "1=dna,2=actin"))
            .load(folder.toString());
    Dataset<Row> some =
        pixels.where(
            "x between 3 and 20 and dna in (5, 70, 133, 200) and image like 'a%' and"
                + " (actin > dna or not dna = actin)");
    List<Dataset<Row>> queries =
        List.of(some, some.groupBy("image", "dna").count(), pixels.selectExpr("sum(dna)"));
    for (Dataset<Row> query : queries) {
      Scan scan =
          ((BatchScanExec) query.queryExecution().sparkPlan().collectLeaves().head()).scan();
      PartitionReaderFactory factory = scan.toBatch().createReaderFactory();
      InputPartition[] partitions = scan.toBatch().planInputPartitions();
      assertThat(partitions).isNotEmpty();
      PartitionReaderFactory shippedFactory = Shipped.roundTrip(factory);
      for (InputPartition partition : partitions) {
        List<String> rows = rows(factory, partition);
        assertThat(rows).isNotEmpty();
        assertThat(rows(shippedFactory, Shipped.roundTrip(partition))).isEqualTo(rows);
      }
    }
  }

  private static List<String> rows(PartitionReaderFactory factory, InputPartition partition)
      throws IOException {
    List<String> rows = new ArrayList<>();
    try (PartitionReader<ColumnarBatch> reader = factory.createColumnarReader(partition)) {
      while (reader.next()) {
        ColumnarBatch batch = reader.get();
        for (int i = 0; i < batch.numRows(); i++) {
          StringBuilder row = new StringBuilder();
          for (int c = 0; c < batch.numCols(); c++) {
            var column = batch.column(c);
            row.append(' ')
                .append(
                    column.dataType().equals(DataTypes.StringType)
                        ? column.getUTF8String(i)
                        : column.dataType().equals(DataTypes.LongType)
                            ? (Object) column.getLong(i)
                            : column.getInt(i));
          }
          rows.add(row.toString());
        }
      }
    }
    return rows;
  }
}
