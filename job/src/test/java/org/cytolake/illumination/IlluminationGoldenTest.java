package org.cytolake.illumination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.config.ConfigLoader;
import org.cytolake.run.AnalyzePipeline;
import org.cytolake.run.Progress;
import org.cytolake.shading.Correction;
import org.cytolake.source.LocalSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real plate against CellProfiler's own code; see golden/illumination_golden.py. */
final class IlluminationGoldenTest {
  private static final int SIDE = 640;
  private static final int STEP = 679;

  @TempDir Path folder;

  private void unpack(Path archive) throws IOException {
    Files.createDirectory(folder.resolve("images"));
    try (TarArchiveInputStream entries =
        new TarArchiveInputStream(
            new XZCompressorInputStream(new BufferedInputStream(Files.newInputStream(archive))))) {
      for (TarArchiveEntry e = entries.getNextEntry(); e != null; e = entries.getNextEntry()) {
        String name = Path.of(e.getName()).getFileName().toString();
        if (name.endsWith(".tif")) {
          Files.write(folder.resolve("images").resolve(name), entries.readAllBytes());
        } else if (name.endsWith("ILLUM.mat")) {
          Files.write(folder.resolve(name), entries.readAllBytes());
        }
      }
    }
  }

  private void make(String method) {
    AnalyzePipeline.onlyQuality(
            LocalSpark.session(),
            ConfigLoader.load(
                Optional.empty(),
                Map.of(
                    "input.paths",
                    List.of(folder.resolve("images").toString()),
                    "input.pattern",
                    "Channel(?<channel>\\d)-(?<number>\\d+)-(?<line>[A-D])-(?<col>\\d+)\\.tif",
                    "input.channels",
                    "1=Channel1,2=Channel2",
                    "output.path",
                    folder.resolve("out").toString()),
                List.of(
                    "quality.scales=[10]",
                    "illumination.method=" + method,
                    "illumination.block-size=60",
                    "illumination.smoothing=median",
                    "illumination.smoothing-size=20")),
            Progress.NONE)
        .run();
  }

  private static float[] read(Path file) throws IOException {
    LightImage image =
        FunctionFiles.read(new org.apache.hadoop.fs.Path(file.toString()), new Configuration());
    assertThat(List.of(image.height(), image.width())).isEqualTo(List.of(SIDE, SIDE));
    return image.values();
  }

  @Test
  void functionsOfARealPlateAreCellProfilersAndFlattenIt() throws IOException {
    Path archive =
        Path.of(System.getenv().getOrDefault("CYTOLAKE_TEST_DATA", "../../shared/data"))
            .resolve("sbs/sbs-rows-a-d.tar.xz");
    assumeThat(archive).exists();
    unpack(archive);
    JsonNode golden;
    try (InputStream in =
        IlluminationGoldenTest.class.getResourceAsStream("illumination_golden.json")) {
      golden = new ObjectMapper().readTree(in);
    }
    for (String method : List.of("background", "regular")) {
      make(method);
      for (String channel : List.of("Channel1", "Channel2")) {
        float[] function = read(folder.resolve("out/illumination/" + channel + ".ome.tif"));
        JsonNode wanted = golden.get(channel + "-" + method);
        for (int i = 0; i < wanted.size(); i++) {
          double value = wanted.get(i).asDouble();
          assertThat((double) function[i * STEP])
              .as(channel + " " + method + " " + i * STEP)
              .isCloseTo(value, within(1e-6 * value));
        }
      }
    }
    // measured: 0.18 to 0.07 and 0.10 to 0.07
    for (String channel : List.of("Channel1", "Channel2")) {
      float[] function = read(folder.resolve("out/illumination/" + channel + ".ome.tif"));
      double before = background(channel, Optional.empty());
      assertThat(background(channel, Optional.of(function))).as(channel).isLessThan(0.8 * before);
    }
    // what scipy.io.loadmat reads of CellProfiler's own file
    float[] whole = read(folder.resolve("Channel1ILLUM.mat"));
    assertThat((double) whole[0]).isCloseTo(1.1883496648895866, within(1e-6));
    assertThat((double) whole[3 * SIDE + 500]).isCloseTo(2.0677703644253245, within(1e-6));
    assertThat((double) whole[600 * SIDE + 20]).isCloseTo(1.7433495304126772, within(1e-6));
  }

  /**
   * How the background differs over the field: standard deviation over mean of the medians of
   * blocks of 40 x 40 pixels, averaged over the images. Cells cover less than half of most blocks.
   */
  private double background(String channel, Optional<float[]> function) throws IOException {
    int blocks = SIDE / 40;
    double[] medians = new double[blocks * blocks];
    try (Stream<Path> images = Files.list(folder.resolve("images"))) {
      for (Path file : images.sorted().toList()) {
        if (file.getFileName().toString().startsWith(channel)) {
          float[] raw = read(file);
          double[] values = new double[raw.length];
          for (int i = 0; i < raw.length; i++) {
            values[i] = raw[i];
          }
          if (function.isPresent()) {
            Correction.DIVIDE.apply(values, values.length, function.get(), 0, 0, 255, true);
          }
          for (int block = 0; block < medians.length; block++) {
            double[] of = new double[40 * 40];
            int first = block / blocks * 40 * SIDE + block % blocks * 40;
            for (int y = 0; y < 40; y++) {
              System.arraycopy(values, first + y * SIDE, of, 40 * y, 40);
            }
            Arrays.sort(of);
            medians[block] += of[of.length / 2];
          }
        }
      }
    }
    double mean = Arrays.stream(medians).average().orElseThrow();
    double variance =
        Arrays.stream(medians).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    return Math.sqrt(variance) / mean;
  }
}
