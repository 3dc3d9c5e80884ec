package org.cytolake.shading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.cytolake.intensity.Golden;
import org.cytolake.stardist.Lcg;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against basicpy; the images are those of golden/basic_golden.py. */
final class BasicShadingTest {
  private static final Golden GOLDEN = new Golden(BasicShadingTest.class, "basic_golden.json");
  private static final Smoothing NONE = Smoothing.of(Smoothing.Kind.NONE, OptionalDouble.empty());

  static Stream<String> cases() {
    return GOLDEN.casesWith("flat");
  }

  private static List<int[]> draw(int height, int width, int number) {
    Lcg lcg = new Lcg(height * 1000L + width);
    List<int[]> images = new ArrayList<>();
    long area = (long) height * height * width * width;
    for (int image = 0; image < number; image++) {
      long bright = 70L + lcg.below(60);
      int[] pixels = new int[height * width];
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          long fall = (long) x * x * height * height + (long) y * y * width * width;
          long light = 20_000 - 12_000 * fall / (2 * area) + lcg.below(1500);
          if ((x + 5 * image) % 37 < 11 && (y + 3 * image) % 29 < 9) {
            light += light / 2;
          }
          pixels[y * width + x] = (int) (light * bright / 100);
        }
      }
      images.add(pixels);
    }
    return images;
  }

  private static float[] flat(IlluminationSums sums) {
    return IlluminationFunction.of(sums, NONE, 65_535, true);
  }

  /** To what 32 bits, which basicpy has, leave of it. */
  @ParameterizedTest
  @MethodSource("cases")
  void flatFieldsAreBasicpys(String name) {
    String[] words = name.split("[x-]", -1);
    int height = Integer.parseInt(words[0]);
    int width = Integer.parseInt(words[1]);
    IlluminationSums sums = IlluminationSums.ofCopies(height, width);
    draw(height, width, Integer.parseInt(words[2])).forEach(p -> sums.add(at -> p[at]));
    float[] flat = flat(sums);
    double[] wanted = GOLDEN.get(name + ".flat");
    for (int i = 0; i < wanted.length; i++) {
      assertThat((double) flat[37 * i])
          .as("pixel " + 37 * i)
          .isCloseTo(wanted[i], within(1e-5 * wanted[i]));
    }
    assertThat(37 * (wanted.length - 1)).isBetween(flat.length - 37, flat.length - 1);
  }

  private static IlluminationSums shipped(IlluminationSums sums) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    sums.write(new DataOutputStream(bytes));
    return IlluminationSums.read(
        new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }

  /** More planes than are kept, in two orders and other parts. */
  @Test
  void orderAndPartsAreOfNoAccount() throws IOException {
    List<double[]> images = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < WorkingImages.MOST + 70; i++) {
      double[] image = new double[20 * 30];
      for (int p = 0; p < image.length; p++) {
        image[p] = (100 + p % 30) * (1 + 0.1 * random.nextGaussian());
      }
      images.add(image);
    }
    images.add(images.get(0));
    IlluminationSums all = IlluminationSums.ofCopies(20, 30);
    images.forEach(image -> all.add(at -> image[at]));
    Collections.shuffle(images, random);
    IlluminationSums parts = all.none();
    for (List<double[]> part : List.of(images.subList(0, 9), images.subList(9, images.size()))) {
      IlluminationSums sums = all.none();
      part.forEach(image -> sums.add(at -> image[at]));
      parts.plus(shipped(sums));
    }
    assertThat(parts.planes()).isEqualTo(images.size());
    assertThat(flat(parts)).isEqualTo(flat(all));
  }

  /** Known light: the flat field is it, up to a factor, and bright cells do not matter. */
  @Test
  void theLightIsFound() {
    int height = 200;
    int width = 240;
    double[] light = new double[height * width];
    for (int i = 0; i < light.length; i++) {
      int y = i / width;
      double dy = (y - 90.0) / height;
      double dx = (i % width - 140.0) / width;
      light[i] = 1 - 0.7 * (dy * dy + dx * dx);
    }
    Random random = new Random(5);
    IlluminationSums sums = IlluminationSums.ofCopies(height, width);
    for (int image = 0; image < 40; image++) {
      double[] dye = new double[light.length];
      Arrays.fill(dye, 900 + random.nextInt(300));
      for (int cell = 0; cell < 30; cell++) {
        int y = random.nextInt(height - 12);
        int x = random.nextInt(width - 12);
        for (int p = 0; p < 144; p++) {
          dye[(y + p / 12) * width + x + p % 12] = 5000;
        }
      }
      for (int i = 0; i < dye.length; i++) {
        dye[i] *= light[i];
      }
      sums.add(at -> dye[at]);
    }
    float[] flat = flat(sums);
    double mean = Arrays.stream(light).average().orElseThrow();
    double squares = 0;
    for (int i = 0; i < flat.length; i++) {
      double error = flat[i] / (light[i] / mean) - 1;
      squares += error * error;
    }
    assertThat(Math.sqrt(squares / flat.length)).isLessThan(0.01);
  }

  @Test
  void withoutLightOrPlanesItIsEven() {
    IlluminationSums dark = IlluminationSums.ofCopies(40, 50);
    assertThat(flat(dark)).containsOnly(1);
    dark.add(at -> 0);
    assertThat(flat(dark)).containsOnly(1);
    dark.add(at -> at == 7 ? Double.NaN : 100 + at);
    assertThat(flat(dark)).containsOnly(1);
    assertThat(dark.planes()).isEqualTo(2);
  }
}
