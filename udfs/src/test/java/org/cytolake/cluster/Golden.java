package org.cytolake.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cytolake.points.WeightedPoints;

/** Numbers that {@code src/test/golden/cluster_golden.py} wrote. */
final class Golden {
  private final Map<String, double[]> numbers = new LinkedHashMap<>();

  Golden(String resource) {
    try (InputStream in = Golden.class.getResourceAsStream(resource)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Matcher m = Pattern.compile("\"([^\"]+)\": \\[([^\\]]*)\\]").matcher(text);
      while (m.find()) {
        numbers.put(
            m.group(1),
            Arrays.stream(m.group(2).split(",", -1)).mapToDouble(Double::parseDouble).toArray());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What stands before a suffix, of every key that has it. */
  Stream<String> before(String suffix) {
    return numbers.keySet().stream()
        .filter(k -> k.endsWith(suffix))
        .map(k -> k.substring(0, k.length() - suffix.length()));
  }

  double[] of(String key) {
    double[] found = numbers.get(key);
    if (found == null) {
      throw new IllegalArgumentException("no golden numbers " + key);
    }
    return found;
  }

  boolean has(String key) {
    return numbers.containsKey(key);
  }

  int[] integers(String key) {
    return Arrays.stream(of(key)).mapToInt(v -> (int) v).toArray();
  }

  /** Numbers as rows of equal length. */
  double[][] rows(String key, int length) {
    return rows(of(key), length);
  }

  static double[][] rows(double[] flat, int length) {
    double[][] rows = new double[flat.length / length][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * length, (i + 1) * length);
    }
    return rows;
  }

  static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  static double[] flat(double[][][] blocks) {
    return Arrays.stream(blocks).flatMapToDouble(b -> Arrays.stream(flat(b))).toArray();
  }

  WeightedPoints points(String name) {
    return points(name, "values");
  }

  WeightedPoints points(String name, String values) {
    long[] counts = Arrays.stream(of(name + ".counts")).mapToLong(c -> (long) c).toArray();
    return new WeightedPoints(rows(name + "." + values, counts.length), counts);
  }
}
