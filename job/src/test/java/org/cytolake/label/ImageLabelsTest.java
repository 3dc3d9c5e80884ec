package org.cytolake.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import loci.formats.in.OMETiffReader;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.config.LabelFormat;
import org.cytolake.field.Field;
import org.cytolake.store.ImageFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Labels of planes that need more bits than those before them. */
final class ImageLabelsTest {
  private static final int FEW = 7;
  private static final int MANY = 70_000;

  @TempDir Path folder;

  private ImageLabels labels(int sizeX, int sizeY, int sizeZ, LabelFormat format) {
    Field field =
        new Field(
            "image", "image", List.of(), 0, sizeX, sizeY, sizeZ, 0, 1, "uint8", null, null,
            List.of());
    return new ImageLabels(field, folder.toString(), format, new Configuration());
  }

  /** A plane of one label. */
  private static void write(ImageLabels to, int z, int label)
      throws IOException, ImageReadException {
    to.write(
        ImageFiles.LABELS,
        List.of("nuclei"),
        z,
        0,
        List.of(
            window -> {
              int[] all = new int[(int) window.pixels()];
              Arrays.fill(all, label);
              return all;
            }),
        label);
  }

  @ParameterizedTest
  @EnumSource
  void noneIsCutOff(LabelFormat format) throws Exception {
    ImageLabels to = labels(40, 30, 2, format);
    write(to, 0, FEW);
    assertThatThrownBy(() -> write(to, 1, MANY))
        .isInstanceOf(ImageReadException.class)
        .hasMessageContaining("z = 1, t = 0 has 70,000 objects")
        .hasMessageContaining("output.label-images");
    to.discard();
  }

  @Test
  void stacksOfLargePlanesHaveRoom() throws Exception {
    ImageLabels to = labels(3000, 2200, 2, LabelFormat.OME_TIFF);
    write(to, 0, FEW);
    write(to, 1, MANY);
    String name = to.finish().get(0);
    try (OMETiffReader reader = new OMETiffReader()) {
      reader.setId(folder.resolve(name).toString());
      for (int z = 0; z < 2; z++) {
        ByteBuffer corner = ByteBuffer.wrap(reader.openBytes(z, 2999, 2199, 1, 1));
        corner.order(reader.isLittleEndian() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        assertThat(corner.getInt()).isEqualTo(z == 0 ? FEW : MANY);
      }
    }
  }
}
