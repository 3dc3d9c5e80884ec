package org.cytolake.focus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.cytolake.stardist.Lcg;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the definition. */
final class FourierTest {
  private static final int BATCH = 3;

  @ParameterizedTest
  @ValueSource(
      ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 30, 31, 49, 60, 62, 64, 67, 97, 134, 169, 360})
  void isTheSumItIsDefinedAs(int length) {
    Lcg lcg = new Lcg(length);
    double[] re = new double[length * BATCH];
    double[] im = new double[length * BATCH];
    for (int i = 0; i < re.length; i++) {
      re[i] = lcg.between(-1000, 1000);
      im[i] = lcg.between(-1000, 1000);
    }
    double[] ofRe = re.clone();
    double[] ofIm = im.clone();
    Fourier fourier = Fourier.of(length, BATCH);
    fourier.forward(ofRe, ofIm);
    for (int sequence = 0; sequence < BATCH; sequence++) {
      for (int k = 0; k < length; k++) {
        double sumRe = 0;
        double sumIm = 0;
        for (int j = 0; j < length; j++) {
          double angle = -2 * Math.PI * ((long) j * k % length) / length;
          int at = j * BATCH + sequence;
          sumRe += re[at] * Math.cos(angle) - im[at] * Math.sin(angle);
          sumIm += re[at] * Math.sin(angle) + im[at] * Math.cos(angle);
        }
        assertThat(ofRe[k * BATCH + sequence]).isCloseTo(sumRe, within(1e-8));
        assertThat(ofIm[k * BATCH + sequence]).isCloseTo(sumIm, within(1e-8));
      }
    }
    double[] again = re.clone();
    fourier.forward(again, im);
    assertThat(again).isEqualTo(ofRe);
  }
}
