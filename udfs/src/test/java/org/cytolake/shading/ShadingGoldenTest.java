package org.cytolake.shading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.cytolake.intensity.Golden;
import org.cytolake.stardist.Lcg;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against CellProfiler's own code; the images are those of golden/illumination_golden.py. */
final class ShadingGoldenTest {
  private static final Golden GOLDEN =
      new Golden(ShadingGoldenTest.class, "illumination_golden.json");

  static Stream<String> cases() {
    return GOLDEN.casesWith("function");
  }

  private static List<int[]> draw(int height, int width, int number, int largest) {
    Lcg lcg = new Lcg(height * 1000L + width);
    List<int[]> images = new ArrayList<>();
    for (int image = 0; image < number; image++) {
      int[] pixels = new int[height * width];
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          long light = 40_000 - 6L * (x * x + y * y) + lcg.below(3000);
          if ((x + 5 * image) % 17 < 6 && (y + 3 * image) % 13 < 5) {
            light += 15_000;
          }
          pixels[y * width + x] = (int) (Math.max(0, light) * largest / 65_535);
        }
      }
      images.add(pixels);
    }
    return images;
  }

  /** Half of the images in one state, half in another: they add up to the same. */
  @ParameterizedTest
  @MethodSource("cases")
  void functionsAreCellProfilers(String name) {
    String[] words = name.split("[x-]", -1);
    int height = Integer.parseInt(words[0]);
    int width = Integer.parseInt(words[1]);
    int largest = Integer.parseInt(words[3]);
    IlluminationSums even = sums(words, height, width);
    IlluminationSums odd = sums(words, height, width);
    List<int[]> images = draw(height, width, Integer.parseInt(words[2]), largest);
    for (int i = 0; i < images.size(); i++) {
      int[] pixels = images.get(i);
      (i % 2 == 0 ? even : odd).add(at -> pixels[at]);
    }
    Smoothing smoothing =
        Smoothing.of(
            Smoothing.Kind.valueOf(words[6].toUpperCase(Locale.ROOT)),
            words[7].equals("auto")
                ? OptionalDouble.empty()
                : OptionalDouble.of(Integer.parseInt(words[7])));
    float[] function =
        IlluminationFunction.of(odd.plus(even), smoothing, largest, words[8].equals("yes"));
    double[] wanted = GOLDEN.get(name + ".function");
    for (int i = 0; i < wanted.length; i++) {
      assertThat((double) function[7 * i])
          .as("pixel " + 7 * i)
          .isCloseTo(wanted[i], within(1e-6 * Math.abs(wanted[i])));
    }
    assertThat(7 * (wanted.length - 1)).isBetween(function.length - 7, function.length - 1);
  }

  private static IlluminationSums sums(String[] words, int height, int width) {
    return words[4].equals("regular")
        ? IlluminationSums.ofPixels(height, width)
        : IlluminationSums.ofBlocks(height, width, Integer.parseInt(words[5]));
  }
}
