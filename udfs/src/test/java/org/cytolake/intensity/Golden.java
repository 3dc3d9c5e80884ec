package org.cytolake.intensity;

import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cytolake.histogram.JointHistogram;

/**
 * What {@code src/test/golden/explore_golden.py} wrote, and the images that it read or generated,
 * as pixels: {@code [channel][pixel]}, row by row.
 */
public final class Golden {
  private final Map<String, double[]> values = new LinkedHashMap<>();

  /** Reads a resource of the class's package. */
  public Golden(Class<?> owner, String resource) {
    try (InputStream in = owner.getResourceAsStream(resource)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Matcher m = Pattern.compile("\"([^\"]+)\": \\[([^\\]]*)\\]").matcher(text);
      while (m.find()) {
        values.put(
            m.group(1),
            Arrays.stream(m.group(2).split(",", -1)).mapToDouble(Double::parseDouble).toArray());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The numbers of a quantity. */
  public double[] get(String name) {
    double[] found = values.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no golden value " + name);
    }
    return found;
  }

  /** Whether there are numbers of the name. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** The cases that have the quantity. */
  public Stream<String> casesWith(String quantity) {
    return values.keySet().stream()
        .filter(k -> k.endsWith("." + quantity))
        .map(k -> k.substring(0, k.length() - quantity.length() - 1));
  }

  /** The pixels of an image. */
  public static final class Image {
    private final int width;
    private final double[][] channels;

    private Image(int width, double[][] channels) {
      this.width = width;
      this.channels = channels;
    }

    /** Pixels per channel. */
    public double[][] channels() {
      return channels;
    }

    /** The channels within a rectangle. */
    public double[][] part(int x, int y, int partWidth, int partHeight) {
      double[][] part = new double[channels.length][partWidth * partHeight];
      for (int channel = 0; channel < channels.length; channel++) {
        for (int row = 0; row < partHeight; row++) {
          System.arraycopy(
              channels[channel], (y + row) * width + x, part[channel], row * partWidth, partWidth);
        }
      }
      return part;
    }
  }

  /** The image of a case: generated, or two files of the sample data. */
  public static Image image(String name) {
    if (name.equals("bytes")) {
      return generated(true, 97, 61, 12345);
    }
    if (name.equals("words")) {
      return generated(false, 83, 59, 54321);
    }
    Path folder = Path.of("../sample-data/images");
    try {
      SampleTiff nuclei = SampleTiff.read(folder.resolve(name + "_nuclei.tif"));
      SampleTiff cytoplasm = SampleTiff.read(folder.resolve(name + "_cytoplasm.tif"));
      return new Image(nuclei.width(), new double[][] {nuclei.pixels(), cytoplasm.pixels()});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder of BBBC008, which may not be there. */
  public static Path bbbc008() {
    return Path.of(System.getenv().getOrDefault("CYTOLAKE_TEST_DATA", "../../shared/data"))
        .resolve("bbbc008");
  }

  /** Whether a field of BBBC008 is there. */
  public static boolean hasField(String name) {
    return Files.exists(bbbc008().resolve(name + "_channel1.tif"));
  }

  /** A field of BBBC008. */
  public static Image field(String name) {
    double[][] channels = new double[2][];
    int width = 0;
    try {
      for (int i = 0; i < 2; i++) {
        Path file = bbbc008().resolve(name + "_channel" + (2 * i + 1) + ".tif");
        Raster raster = ImageIO.read(file.toFile()).getRaster();
        width = raster.getWidth();
        channels[i] = raster.getSamples(0, 0, width, raster.getHeight(), 0, (double[]) null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Image(width, channels);
  }

  /** The generator of the script. */
  public static Image generated(boolean bytes, int width, int height, long seed) {
    double[][] channels = new double[3][width * height];
    long state = seed;
    long[] u = new long[4];
    for (int i = 0; i < width * height; i++) {
      for (int k = 0; k < 4; k++) {
        state = (1664525 * state + 1013904223) & 0xffffffffL;
        u[k] = state >> 16;
      }
      if (bytes) {
        long a = (u[0] * u[1]) >> 24;
        channels[0][i] = a;
        channels[1][i] = Math.min(255, (3 * a + (u[2] >> 10)) / 4 + (u[3] & 3));
        channels[2][i] = 5 + ((u[2] * u[3]) >> 25);
      } else {
        long a = 100 + ((u[0] * u[1]) >> 17);
        channels[0][i] = a;
        channels[1][i] = (3 * a + u[2]) >> 2;
        channels[2][i] = 65535 - ((u[2] * u[3]) >> 16);
      }
    }
    return new Image(width, channels);
  }

  /** The joint histogram of pixels. */
  public static JointHistogram joint(double[]... channels) {
    Map<List<Double>, Long> tuples = new HashMap<>();
    for (int i = 0; i < channels[0].length; i++) {
      Double[] tuple = new Double[channels.length];
      for (int channel = 0; channel < tuple.length; channel++) {
        tuple[channel] = channels[channel][i];
      }
      tuples.merge(Arrays.asList(tuple), 1L, Long::sum);
    }
    double[][] v = new double[channels.length][tuples.size()];
    long[] counts = new long[tuples.size()];
    int n = 0;
    for (Map.Entry<List<Double>, Long> e : tuples.entrySet()) {
      for (int channel = 0; channel < v.length; channel++) {
        v[channel][n] = e.getKey().get(channel);
      }
      counts[n++] = e.getValue();
    }
    return JointHistogram.of(v, counts);
  }
}
