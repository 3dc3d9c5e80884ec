package org.cytolake.source.read;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.catalog.RowSize;
import org.cytolake.field.Columns;
import org.cytolake.field.Field;
import org.cytolake.field.ImageFile;
import org.cytolake.field.SampleType;
import org.junit.jupiter.api.Test;

final class TileRowReaderTest {
  private static final List<String> CHANNELS = List.of("dna");

  /** Before any memory is asked for, and before the file is opened, which is not there. */
  @Test
  void aRowThatNobodyCanHoldIsRefused() throws IOException {
    Field.Channel channel =
        new Field.Channel(
            new ImageFile("file:/nowhere/slide.tif", 1, 1), "none", 0, "uint16", 0, 512, 512);
    Field slide =
        new Field(
            "slide",
            "slide",
            List.of(),
            0,
            60_000,
            60_000,
            1,
            0,
            1,
            "uint16",
            null,
            null,
            List.of(channel));
    PushedQuery query =
        new PushedQuery(
            List.of(),
            CHANNELS,
            List.of(SampleType.INT),
            RowSize.IMAGES,
            Columns.tileSchema(List.of(), CHANNELS, false),
            List.of(),
            Optional.empty(),
            false,
            false,
            1 << 22);
    TilePartition partition =
        new TilePartition(new FieldTiling(1 << 22).cut(slide, Bounds.ALL, 0, 0), true);
    try (TileRowReader reader = new TileRowReader(partition, query, new Configuration())) {
      assertThatThrownBy(reader::next)
          .isInstanceOf(ImageReadException.class)
          .hasMessageContaining("60000 x 60000 pixels of the image slide")
          .hasMessageContaining("rows=tiles");
    }
  }
}
