package org.cytolake.output;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;

/**
 * What a Parquet file of a table says of its column {@code image}, which is the first, without a
 * Spark job: its footer's statistics, then the dictionaries, then the column itself, as far as it
 * takes.
 */
final class ImageColumn {
  private final Configuration hadoop;
  private final Path file;

  ImageColumn(Configuration hadoop, Path file) {
    this.hadoop = hadoop;
    this.file = file;
  }

  /**
   * What the footer says.
   *
   * @param rows rows
   * @param withoutImage whether some have no image, or it is not known
   */
  record Footer(long rows, boolean withoutImage) {}

  Footer footer() throws IOException {
    try (ParquetFileReader reader = open(FilterCompat.NOOP)) {
      boolean without = false;
      for (BlockMetaData group : reader.getRowGroups()) {
        Statistics<?> statistics = image(group).getStatistics();
        without |= !statistics.isNumNullsSet() || statistics.getNumNulls() > 0;
      }
      return new Footer(reader.getRecordCount(), without);
    }
  }

  /** Whether there are rows of one of these images. */
  boolean holdsAny(Set<String> images) throws IOException {
    boolean[] found = {false};
    among(
        images,
        image -> {
          found[0] = true;
          return false;
        });
    return found[0];
  }

  /** Those of the images that there are rows of. */
  Set<String> present(Set<String> images) throws IOException {
    Set<String> present = new HashSet<>();
    among(
        images,
        image -> {
          present.add(image);
          return present.size() < images.size();
        });
    return present;
  }

  /**
   * @param more is told each image among those that a row is of, and whether it wants more
   */
  private void among(Set<String> images, Predicate<String> more) throws IOException {
    if (images.isEmpty()) {
      return;
    }
    Set<Binary> wanted = new HashSet<>();
    images.forEach(image -> wanted.add(Binary.fromString(image)));
    var filter = FilterCompat.get(FilterApi.in(FilterApi.binaryColumn("image"), wanted));
    try (ParquetFileReader reader = open(filter)) {
      MessageType schema = reader.getFileMetaData().getSchema();
      ColumnDescriptor column = schema.getColumnDescription(new String[] {"image"});
      MessageType alone = new MessageType(schema.getName(), schema.getType("image"));
      String writer = reader.getFileMetaData().getCreatedBy();
      reader.setRequestedSchema(alone);
      PageReadStore group;
      while ((group = reader.readNextRowGroup()) != null) {
        ColumnReader values =
            new ColumnReadStoreImpl(
                    group, new GroupRecordConverter(alone).getRootConverter(), alone, writer)
                .getColumnReader(column);
        int defined = column.getMaxDefinitionLevel();
        if (!read(values, group.getRowCount(), defined, wanted, more)) {
          return;
        }
      }
    }
  }

  private static boolean read(
      ColumnReader values, long rows, int defined, Set<Binary> wanted, Predicate<String> more) {
    Binary last = null;
    for (long i = 0; i < rows; i++) {
      if (values.getCurrentDefinitionLevel() == defined) {
        Binary image = values.getBinary();
        if (!image.equals(last)) {
          last = image.copy();
          if (wanted.contains(last) && !more.test(last.toStringUsingUTF8())) {
            return false;
          }
        }
      }
      values.consume();
    }
    return true;
  }

  private static ColumnChunkMetaData image(BlockMetaData group) {
    return group.getColumns().stream()
        .filter(column -> column.getPath().toDotString().equals("image"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("a table without a column image"));
  }

  /** Opens it so that only groups of rows are left that the filter cannot exclude. */
  private ParquetFileReader open(FilterCompat.Filter filter) throws IOException {
    ParquetReadOptions options =
        HadoopReadOptions.builder(hadoop, file)
            .withRecordFilter(filter)
            .useStatsFilter(true)
            .useDictionaryFilter(true)
            .build();
    return ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop), options);
  }
}
