package org.cytolake.store;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.plain.PlainValuesWriter;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.io.api.Binary;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A column of strings or ints in one row group of a Parquet file, of which many rows have the value
 * of the row before: of the key, or any strings. It is written as runs of places in a dictionary,
 * in pages of format 1; Parquet's own writer looks every single value up in its dictionary.
 */
final class RunColumn {
  private static final int MOST_BUFFERED = 1 << 20;
  private static final int NULL = -1;

  private final int place;
  private final boolean isText;
  private final ColumnDescriptor column;
  private final PageWriter pages;
  private final ParquetProperties properties;
  private final Map<Object, Integer> dictionary = new HashMap<>();
  private final PlainValuesWriter values;
  private UTF8String lastText; // of the last run; null: it was NULL, or there was none
  private UTF8String lastGiven; // by the last row
  private int lastNumber;
  private int[] ids = new int[16]; // by run of the page
  private int[] lengths = new int[16];
  private int runs;
  private int rows; // of the page
  private Statistics<?> statistics;

  /**
   * @param place in the rows
   * @param isText else it is an int
   * @param column a top-level one, optional
   */
  RunColumn(
      int place,
      boolean isText,
      ColumnDescriptor column,
      PageWriter pages,
      ParquetProperties properties) {
    this.place = place;
    this.isText = isText;
    this.column = column;
    this.pages = pages;
    this.properties = properties;
    this.values = new PlainValuesWriter(64, MOST_BUFFERED, properties.getAllocator());
    this.statistics = Statistics.createStats(column.getPrimitiveType());
  }

  void write(InternalRow row) throws IOException {
    if (rows == properties.getPageRowCountLimit()) {
      writePage();
    }
    rows++;
    if (runs > 0 && isAsBefore(row)) {
      lengths[runs - 1]++;
      return;
    }
    if (runs == ids.length) {
      ids = Arrays.copyOf(ids, 2 * runs);
      lengths = Arrays.copyOf(lengths, 2 * runs);
    }
    ids[runs] = id(row);
    lengths[runs++] = 1;
  }

  private boolean isAsBefore(InternalRow row) {
    boolean wasNull = ids[runs - 1] == NULL;
    if (row.isNullAt(place)) {
      return wasNull;
    }
    if (wasNull) {
      return false;
    }
    return isText ? isAsBefore(row.getUTF8String(place)) : row.getInt(place) == lastNumber;
  }

  @SuppressWarnings("ReferenceEquality") // the same object saves the look at its bytes
  private boolean isAsBefore(UTF8String text) {
    if (text != lastGiven && !text.equals(lastText)) {
      return false;
    }
    lastGiven = text;
    return true;
  }

  /** The dictionary's place of a value, which is added where it is new. */
  private int id(InternalRow row) {
    if (row.isNullAt(place)) {
      return NULL;
    }
    if (!isText) {
      lastNumber = row.getInt(place);
      statistics.updateStats(lastNumber);
      return dictionary.computeIfAbsent(
          lastNumber,
          number -> {
            values.writeInteger(lastNumber);
            return dictionary.size();
          });
    }
    lastGiven = row.getUTF8String(place);
    lastText = lastGiven.copy();
    Binary bytes = Binary.fromConstantByteArray(lastText.getBytes());
    statistics.updateStats(bytes);
    Integer known = dictionary.get(lastText);
    if (known == null) {
      known = dictionary.size();
      dictionary.put(lastText, known);
      values.writeBytes(bytes);
    }
    return known;
  }

  private void writePage() throws IOException {
    int bits = BytesUtils.getWidthFromMaxInt(Math.max(0, dictionary.size() - 1));
    try (RunLengthBitPackingHybridEncoder present = encoder(1);
        RunLengthBitPackingHybridEncoder places = encoder(bits)) {
      for (int run = 0; run < runs; run++) {
        boolean isNull = ids[run] == NULL;
        for (int i = 0; i < lengths[run]; i++) {
          present.writeInt(isNull ? 0 : 1);
          if (!isNull) {
            places.writeInt(ids[run]);
          }
        }
        if (isNull) {
          statistics.incrementNumNulls(lengths[run]);
        }
      }
      BytesInput levels = present.toBytes();
      BytesInput page = BytesInput.concat(BytesInput.fromInt((int) levels.size()), levels);
      if (!dictionary.isEmpty()) {
        page = BytesInput.concat(page, BytesInput.from(new byte[] {(byte) bits}), places.toBytes());
      }
      pages.writePage(
          page,
          rows,
          rows,
          statistics,
          Encoding.RLE, // of no bits: there are no repetitions
          Encoding.RLE,
          dictionary.isEmpty() ? Encoding.PLAIN : Encoding.RLE_DICTIONARY);
    }
    runs = 0;
    rows = 0;
    statistics = Statistics.createStats(column.getPrimitiveType());
  }

  private RunLengthBitPackingHybridEncoder encoder(int bits) {
    return new RunLengthBitPackingHybridEncoder(bits, 64, MOST_BUFFERED, properties.getAllocator());
  }

  /** Ends the row group. */
  void finish() throws IOException {
    if (rows > 0) {
      writePage();
    }
    if (!dictionary.isEmpty()) {
      pages.writeDictionaryPage(
          new DictionaryPage(values.getBytes(), dictionary.size(), Encoding.PLAIN));
    }
    values.close();
  }

  /** Bytes that wait to be written. */
  long buffered() {
    return pages.getMemSize() + values.getBufferedSize() + 8L * runs;
  }
}
