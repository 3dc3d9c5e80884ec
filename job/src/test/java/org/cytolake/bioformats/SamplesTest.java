package org.cytolake.bioformats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import loci.formats.FormatTools;
import org.cytolake.field.SampleType;
import org.junit.jupiter.api.Test;

final class SamplesTest {
  /** As numpy's {@code astype(np.float32)}. */
  @Test
  void floatsAreTheNearestOfEverySample() {
    for (int pixelType :
        List.of(
            FormatTools.UINT8,
            FormatTools.INT16,
            FormatTools.INT32,
            FormatTools.UINT32,
            FormatTools.FLOAT,
            FormatTools.DOUBLE)) {
      byte[] bytes = new byte[800];
      new Random(pixelType).nextBytes(bytes);
      Samples samples = new Samples(BioFormats.sampleType(pixelType));
      samples.decode(bytes, 100, pixelType, true, 0, 1);
      check(samples);
    }
  }

  @Test
  void samplesAsTheyWereReadToo() {
    Samples samples = new Samples(SampleType.INT);
    new Random(5).nextBytes(samples.pack(100));
    check(samples);
    assertThat(samples.packed()).isNotNull();
  }

  private static void check(Samples samples) {
    float[] found = new float[31];
    samples.floats(60, 29, found, 1);
    for (int i = 0; i < 29; i++) {
      assertThat(found[1 + i]).isEqualTo((float) samples.at(60 + i));
    }
    assertThat(found[0]).isZero();
    assertThat(found[30]).isZero();
  }
}
