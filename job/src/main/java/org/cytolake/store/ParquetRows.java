package org.cytolake.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.ProjectingInternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A Parquet file of rows, as Spark would write it: the same schema, metadata, codec and values.
 * Spark's writer spends as long on a column that stays the same for a whole plane as on any other,
 * and most of a table's columns are such. Here the key and all strings are written as runs ({@link
 * RunColumn}), numbers, booleans and lists of them go straight to Parquet's column writers, and
 * Spark's writer gets what is left: maps, other lists and times.
 */
final class ParquetRows implements AutoCloseable {
  private static final int FEWEST_ROWS = 100; // between two looks at the memory
  private static final int MOST_ROWS = 10_000;

  private enum Kind {
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    BOOLEAN
  }

  /** A column of numbers, at the top or within a list. */
  private static final class Numbers {
    final Kind kind;
    final ColumnDescriptor column;
    final int defined; // level of a number that is there; one less where it is NULL
    ColumnWriter writer; // of the row group

    Numbers(Kind kind, ColumnDescriptor column) {
      this.kind = kind;
      this.column = column;
      this.defined = column.getMaxDefinitionLevel();
    }

    void write(SpecializedGetters from, int place, int repetition) {
      if (from.isNullAt(place)) {
        writer.writeNull(repetition, defined - 1);
        return;
      }
      switch (kind) {
        case INT -> writer.write(from.getInt(place), repetition, defined);
        case LONG -> writer.write(from.getLong(place), repetition, defined);
        case FLOAT -> writer.write(from.getFloat(place), repetition, defined);
        case DOUBLE -> writer.write(from.getDouble(place), repetition, defined);
        case BOOLEAN -> writer.write(from.getBoolean(place), repetition, defined);
      }
    }
  }

  /** A column that Parquet's column writers get from here: a number, or a list of them. */
  private record Plain(int place, DataType type, List<Numbers> numbers) {
    void write(InternalRow row) {
      if (!(type instanceof ArrayType)) {
        numbers.get(0).write(row, place, 0);
      } else if (row.isNullAt(place)) {
        nothing(0, 0);
      } else {
        write(row.getArray(place));
      }
    }

    private void write(ArrayData list) {
      int size = list.numElements();
      if (size == 0) {
        nothing(0, 1);
      }
      boolean ofStructs = ((ArrayType) type).elementType() instanceof StructType;
      for (int i = 0; i < size; i++) {
        int repetition = i == 0 ? 0 : 1;
        if (!ofStructs) {
          numbers.get(0).write(list, i, repetition);
        } else if (list.isNullAt(i)) {
          nothing(repetition, 2);
        } else {
          InternalRow struct = list.getStruct(i, numbers.size());
          for (int f = 0; f < numbers.size(); f++) {
            numbers.get(f).write(struct, f, repetition);
          }
        }
      }
    }

    private void nothing(int repetition, int definition) {
      for (Numbers of : numbers) {
        of.writer.writeNull(repetition, definition);
      }
    }
  }

  private final StructType schema;
  private final long rowGroupBytes;
  private final ParquetProperties properties;
  private final WriteSupport.WriteContext context;
  private final MessageType written; // but for the runs
  private final CompressionCodecFactory codecs;
  private final ParquetFileWriter file;
  private final List<Integer> repeated = new ArrayList<>(); // places of the columns of runs
  private final List<RunColumn> runs = new ArrayList<>(); // of the row group
  private final List<Plain> plain = new ArrayList<>();
  private final ParquetWriteSupport spark; // null where nothing is left to it
  private final MessageType nested; // what is left to it
  private final ProjectingInternalRow rest; // the same of a row
  private ColumnChunkPageWriteStore pages;
  private ColumnWriteStore columns;
  private RecordConsumer consumer; // for Spark's writer
  private int rowGroups;
  private long rows; // of the row group
  private long nextLook;

  /**
   * Begins a file.
   *
   * @param schema of which no column is required
   * @param keys how many of the first columns are the key: strings and ints
   * @param rowGroupBytes the most that rows take in memory before they are written
   * @param settings what Spark's writer and Parquet's codecs look at
   */
  ParquetRows(
      OutputFile out, StructType schema, int keys, long rowGroupBytes, Configuration settings)
      throws IOException {
    this.schema = schema;
    this.rowGroupBytes = rowGroupBytes;
    ParquetWriteSupport.setSchema(schema, settings);
    this.context = new ParquetWriteSupport().init(settings);
    MessageType all = context.getSchema();
    List<Type> others = new ArrayList<>();
    List<Type> left = new ArrayList<>();
    List<StructField> leftFields = new ArrayList<>();
    List<Object> leftPlaces = new ArrayList<>();
    for (int i = 0; i < schema.length(); i++) {
      DataType type = schema.fields()[i].dataType();
      if (i < keys || isText(type)) {
        repeated.add(i);
        continue;
      }
      others.add(all.getType(i));
      List<Numbers> numbers = numbers(all, all.getFieldName(i), type);
      if (numbers.isEmpty()) {
        left.add(all.getType(i));
        leftFields.add(schema.fields()[i]);
        leftPlaces.add(i);
      } else {
        plain.add(new Plain(i, type, numbers));
      }
    }
    this.properties = properties(plain);
    this.written = new MessageType(all.getName(), others);
    if (left.isEmpty()) {
      this.spark = null;
      this.nested = null;
      this.rest = null;
    } else {
      StructType leftSchema = new StructType(leftFields.toArray(StructField[]::new));
      Configuration own = new Configuration(settings);
      ParquetWriteSupport.setSchema(leftSchema, own);
      this.spark = new ParquetWriteSupport();
      spark.init(own);
      this.nested = new MessageType(all.getName(), left);
      this.rest =
          ProjectingInternalRow.apply(leftSchema, CollectionConverters.asScala(leftPlaces).toSeq());
    }
    this.codecs = new CodecFactory(settings, properties.getPageSizeThreshold());
    this.file =
        new ParquetFileWriter(
            out,
            all,
            ParquetFileWriter.Mode.CREATE,
            rowGroupBytes,
            ParquetWriter.MAX_PADDING_SIZE_DEFAULT,
            (FileEncryptionProperties) null,
            properties);
    file.start();
    beginRowGroup();
  }

  /** The numbers of a column; none where it holds anything else. */
  private static List<Numbers> numbers(MessageType schema, String name, DataType type) {
    if (!(type instanceof ArrayType list)) {
      Kind kind = kind(type);
      return kind == null ? List.of() : List.of(new Numbers(kind, column(schema, name)));
    }
    List<Numbers> numbers = new ArrayList<>();
    if (list.elementType() instanceof StructType struct) {
      for (StructField field : struct.fields()) {
        Kind kind = kind(field.dataType());
        if (kind == null) {
          return List.of();
        }
        numbers.add(new Numbers(kind, column(schema, name, "list", "element", field.name())));
      }
    } else if (kind(list.elementType()) != null) {
      numbers.add(new Numbers(kind(list.elementType()), column(schema, name, "list", "element")));
    }
    return numbers;
  }

  /** Measures hardly repeat, and what does is compressed: to look each up is in vain. */
  private static ParquetProperties properties(List<Plain> plain) {
    ParquetProperties.Builder properties = ParquetProperties.builder();
    for (Plain one : plain) {
      for (Numbers of : one.numbers()) {
        if (of.kind == Kind.DOUBLE) {
          properties.withDictionaryEncoding(String.join(".", of.column.getPath()), false);
        }
      }
    }
    return properties.build();
  }

  private static Kind kind(DataType type) {
    if (type.equals(DataTypes.IntegerType)) {
      return Kind.INT;
    } else if (type.equals(DataTypes.LongType)) {
      return Kind.LONG;
    } else if (type.equals(DataTypes.FloatType)) {
      return Kind.FLOAT;
    } else if (type.equals(DataTypes.DoubleType)) {
      return Kind.DOUBLE;
    } else if (type.equals(DataTypes.BooleanType)) {
      return Kind.BOOLEAN;
    }
    return null;
  }

  private static boolean isText(DataType type) {
    return type.equals(DataTypes.StringType);
  }

  private static ColumnDescriptor column(MessageType schema, String... path) {
    return schema.getColumnDescription(path);
  }

  private void beginRowGroup() {
    MessageType all = context.getSchema();
    pages =
        new ColumnChunkPageWriteStore(
            codecs.getCompressor(CompressionCodecName.ZSTD),
            all,
            properties.getAllocator(),
            properties.getColumnIndexTruncateLength(),
            properties.getPageWriteChecksumEnabled(),
            null,
            rowGroups++);
    runs.clear();
    for (int place : repeated) {
      ColumnDescriptor column = column(all, all.getFieldName(place));
      boolean isText = isText(schema.fields()[place].dataType());
      runs.add(new RunColumn(place, isText, column, pages.getPageWriter(column), properties));
    }
    columns = properties.newColumnWriteStore(written, pages, pages);
    for (Plain one : plain) {
      for (Numbers of : one.numbers()) {
        of.writer = columns.getColumnWriter(of.column);
      }
    }
    if (spark != null) {
      consumer = new ColumnIOFactory().getColumnIO(nested).getRecordWriter(columns);
      spark.prepareForWrite(consumer);
    }
    rows = 0;
    nextLook = FEWEST_ROWS;
  }

  /** Writes a row, which may change afterwards. */
  void write(InternalRow row) throws IOException {
    for (RunColumn of : runs) {
      of.write(row);
    }
    for (Plain one : plain) {
      one.write(row);
    }
    if (spark == null) {
      columns.endRecord();
    } else {
      rest.project(row);
      spark.write(rest); // ends the record
    }
    rows++;
    if (rows >= nextLook) {
      long buffered = buffered();
      if (buffered > rowGroupBytes) {
        endRowGroup();
        beginRowGroup();
      } else {
        long left = (long) ((rowGroupBytes - buffered) / Math.max(1.0, (double) buffered / rows));
        nextLook = rows + Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, left / 2));
      }
    }
  }

  private long buffered() {
    long buffered = columns.getBufferedSize();
    for (RunColumn of : runs) {
      buffered += of.buffered();
    }
    return buffered;
  }

  private void endRowGroup() throws IOException {
    if (rows > 0) {
      if (consumer != null) {
        consumer.flush();
      }
      file.startBlock(rows);
      for (RunColumn of : runs) {
        of.finish();
      }
      columns.flush();
      pages.flushToFileWriter(file);
      file.endBlock();
    }
    columns.close();
    pages.close();
  }

  /** Ends the file; without it, what is there is none. */
  void finish() throws IOException {
    endRowGroup();
    file.end(context.getExtraMetaData());
  }

  /** Lets go of the file and of the memory. */
  @Override
  public void close() throws IOException {
    codecs.release();
    file.close();
  }
}
