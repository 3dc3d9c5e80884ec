package org.cytolake.intensity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Random;
import org.cytolake.histogram.Histogram;
import org.cytolake.histogram.JointHistogram;
import org.cytolake.histogram.SampleKind;
import org.junit.jupiter.api.Test;

class IntensityTest {
  private static final double[][] BYTES = Golden.image("bytes").channels();

  private static Object roundTrip(Object object) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  @Test
  void aTableOfPixelsIsThatOfTheirHistogram() {
    JointHistogram joint = Golden.joint(BYTES);
    LookupTable table = Normalization.toReference(Composite.of(joint), joint.marginal(0), 1, 8);
    double[][] normalized = new double[3][];
    for (int c = 0; c < 3; c++) {
      normalized[c] = Arrays.stream(BYTES[c]).map(table::apply).toArray();
      assertThat(table.apply(joint.marginal(c))).isEqualTo(Histogram.ofSamples(normalized[c]));
    }
    assertThat(table.apply(joint)).isEqualTo(Golden.joint(normalized));
    LookupTable[] each = new LookupTable[3];
    for (int c = 0; c < 3; c++) {
      each[c] = Equalization.channel(joint.marginal(c));
      normalized[c] = Arrays.stream(BYTES[c]).map(each[c]::apply).toArray();
    }
    assertThat(LookupTable.apply(joint, each)).isEqualTo(Golden.joint(normalized));
    assertThatThrownBy(() -> LookupTable.apply(joint, each[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 channels");
  }

  @Test
  void tablesOfAUnionAddUp() {
    Random random = new Random(3);
    for (int round = 0; round < 20; round++) {
      int split = 1 + random.nextInt(BYTES[0].length - 1);
      double[][] first = new double[3][];
      double[][] second = new double[3][];
      for (int c = 0; c < 3; c++) {
        first[c] = Arrays.copyOfRange(BYTES[c], 0, split);
        second[c] = Arrays.copyOfRange(BYTES[c], split, BYTES[c].length);
      }
      JointHistogram whole = Golden.joint(first).plus(Golden.joint(second));
      assertThat(whole).isEqualTo(Golden.joint(BYTES));
      LookupTable table = Equalization.composite(Composite.of(whole));
      assertThat(table.apply(Golden.joint(first)).plus(table.apply(Golden.joint(second))))
          .isEqualTo(table.apply(whole));
      assertThat(
              Difference.of(Golden.joint(first), 0, 2)
                  .plus(Difference.of(Golden.joint(second), 0, 2)))
          .isEqualTo(Difference.of(whole, 0, 2));
    }
  }

  @Test
  void differenceWrapsAround() {
    JointHistogram pair =
        JointHistogram.of(new double[][] {{0, 5, 3}, {0, 2, 9}}, new long[] {1, 2, 3});
    assertThat(Difference.of(pair, 0, 1))
        .isEqualTo(Histogram.of(new double[] {0, 6, 253}, new long[] {1, 3, 2}));
    JointHistogram words = JointHistogram.of(new double[][] {{0}, {256}}, new long[] {1});
    assertThatThrownBy(() -> Difference.of(words, 0, 1)).hasMessageContaining("256");
  }

  @Test
  void tablesSurviveSerialization() throws Exception {
    LookupTable dense = LookupTable.of(new double[] {-2, -1, 0}, new double[] {5, 6, 7});
    LookupTable sparse = LookupTable.of(new double[] {0.5, 1, 1e9}, new double[] {3, 2, 1});
    for (LookupTable table : new LookupTable[] {dense, sparse}) {
      LookupTable copy = (LookupTable) roundTrip(table);
      assertThat(copy).isEqualTo(table).hasSameHashCodeAs(table).hasToString(table.toString());
      for (int i = 0; i < table.size(); i++) {
        assertThat(copy.apply(table.value(i))).isEqualTo(table.result(i));
      }
    }
    assertThat(roundTrip(new StainThreshold.OtsuRule(SampleKind.INTEGER)))
        .isEqualTo(new StainThreshold.OtsuRule(SampleKind.INTEGER));
    Stain stain = Stain.of(Histogram.ofSamples(1, 2, 3), 1, 3);
    assertThat(roundTrip(stain)).isEqualTo(stain);
  }

  @Test
  void tablesRefuseWhatTheyDoNotHave() {
    LookupTable gap = LookupTable.of(new double[] {1, 3}, new double[] {10, 30});
    assertThat(gap.apply(3)).isEqualTo(30);
    for (double absent : new double[] {0, 2, 2.5, 4, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> gap.apply(absent))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no result for " + absent);
    }
    LookupTable zero = LookupTable.of(new double[] {-0.0, 0.5}, new double[] {1, 2});
    assertThat(zero.apply(0)).isEqualTo(1);
    assertThat(zero.apply(-0.0)).isEqualTo(1);
    assertThatThrownBy(() -> zero.apply(0.25)).hasMessageContaining("0.25");
    LookupTable none = LookupTable.of(new double[0], new double[0]);
    assertThat(none.apply(Histogram.EMPTY)).isEqualTo(Histogram.EMPTY);
    assertThatThrownBy(() -> none.apply(0)).hasMessageContaining("empty");
    assertThatThrownBy(() -> LookupTable.of(new double[] {1}, new double[] {}))
        .hasMessageContaining("1 values and 0 results");
    assertThatThrownBy(() -> LookupTable.of(new double[] {2, 2}, new double[] {1, 1}))
        .hasMessageContaining("increase");
    assertThatThrownBy(() -> LookupTable.of(new double[] {0}, new double[] {Double.NaN}))
        .hasMessageContaining("NaN");
  }

  @Test
  void compositesPlaceChannels() {
    Histogram a = Histogram.ofSamples(1, 1, 2);
    Histogram b = Histogram.ofSamples(5, 6, 7);
    Histogram zeros = Histogram.ofSamples(0, 0, 0);
    assertThat(Composite.of(a).flattened()).isEqualTo(a.plus(zeros).plus(zeros));
    Composite two = Composite.of(a, b);
    assertThat(two.slot(0)).isEqualTo(a);
    assertThat(two.slot(1)).isEqualTo(zeros);
    assertThat(two.slot(2)).isEqualTo(b);
    assertThat(two.pixels()).isEqualTo(3);
    assertThat(Composite.of(a, b, a).slot(1)).isEqualTo(b);
    assertThat(Composite.of(new int[] {1, 0}, a, b).slot(0)).isEqualTo(b);
    assertThat(Composite.of(Histogram.EMPTY).flattened()).isEqualTo(Histogram.EMPTY);
    Composite holes = Composite.of(Histogram.ofSamples(1), a); // two pixels are not finite
    assertThat(holes.flattened()).isEqualTo(Histogram.ofSamples(0, 0, 0, 1, 1, 1, 2));
    assertThat(holes.pixels()).isEqualTo(3);
    assertThatThrownBy(() -> Composite.of()).hasMessageContaining("1 to 3");
    assertThatThrownBy(() -> Composite.of(a, a, a, a)).hasMessageContaining("1 to 3");
    assertThatThrownBy(() -> Composite.of(new int[] {1, 1}, a, b)).hasMessageContaining("[1, 1]");
    assertThatThrownBy(() -> Composite.of(new int[] {3}, a)).hasMessageContaining("[3]");
  }

  @Test
  void normalizationRefusesWhatMakesNoSense() {
    Histogram a = Histogram.ofSamples(1, 2, 300);
    Composite composite = Composite.of(a);
    assertThatThrownBy(() -> Normalization.toReference(composite, a, -1, 16))
        .hasMessageContaining("-1.0");
    assertThatThrownBy(() -> Normalization.toReference(composite, a, 1, 0))
        .hasMessageContaining("1 bit");
    assertThatThrownBy(() -> Normalization.toReference(composite, a, 1, 8))
        .hasMessageContaining("300");
    assertThatThrownBy(() -> Normalization.toReference(composite, Histogram.EMPTY, 1, 8))
        .isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(() -> Equalization.channel(Histogram.EMPTY))
        .isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void aBlackImageStaysBlack() {
    Histogram black = Histogram.of(new double[] {0}, new long[] {12});
    for (int bits : new int[] {8, 16}) {
      LookupTable table = Normalization.toReference(Composite.of(black), black, 1, bits);
      assertThat(table).isEqualTo(LookupTable.of(new double[] {0}, new double[] {0}));
    }
  }

  @Test
  void stainWithoutPixels() {
    assertThat(Stain.of(Histogram.EMPTY, new StainThreshold.Percentile(5), 255))
        .isEqualTo(new Stain(Double.NaN, Double.NaN, Double.NaN, Double.NaN));
    assertThat(Stain.of(Histogram.ofSamples(1, 2), new StainThreshold.Fixed(7), 2))
        .isEqualTo(new Stain(7, 0, Double.NaN, 0.5));
    assertThatThrownBy(() -> new StainThreshold.Fixed(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new StainThreshold.Percentile(101)).hasMessageContaining("101");
    assertThatThrownBy(() -> Histogram2d.of(JointHistogram.empty(3), 4)).hasMessageContaining("3");
    assertThat(Histogram2d.of(JointHistogram.empty(2), 4).xEdges())
        .containsExactly(0, 0.25, 0.5, 0.75, 1);
  }

  @Test
  void valuesBetweenThoseOfALookUpTableAreTheNearest() {
    LookupTable table = LookupTable.of(new double[] {1, 5, 6}, new double[] {10, 50, 60});
    double[][] pairs = {
      {-3, 10}, {1, 10}, {2.9, 10}, {3, 50}, {3.1, 50}, {5.4, 50}, {5.5, 60}, {5.6, 60}, {99, 60}
    };
    for (double[] pair : pairs) {
      assertThat(table.nearest(pair[0])).as("%s", pair[0]).isEqualTo(pair[1]);
    }
    LookupTable empty = LookupTable.of(new double[0], new double[0]);
    assertThatThrownBy(() -> empty.nearest(1)).isInstanceOf(IllegalArgumentException.class);
  }
}
