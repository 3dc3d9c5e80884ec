package org.cytolake.bioformats;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.cytolake.bioformats.zarr.ZarrFloatImage;
import org.cytolake.bioformats.zarr.ZarrLabelWriter;
import org.cytolake.field.Field;
import org.cytolake.output.PlainFiles;
import org.cytolake.stardist.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * zarr-python and tensorstore read what is written as OME-Zarr: with {@code
 * -Dcytolake.zarr.python=...}, a Python that has {@code deploy/bench/requirements-zarr.lock}.
 */
@EnabledIfSystemProperty(named = "cytolake.zarr.python", matches = ".+")
final class ZarrReadersTest {
  private static final List<String> CHANNELS = List.of("k_means 2", "gaussian µ 3");

  @TempDir Path folder;

  private final Random random = new Random(4);
  private final List<String> command = new ArrayList<>();
  private final List<String> digests = new ArrayList<>();

  private org.apache.hadoop.fs.Path next() {
    Path path = folder.resolve("image " + digests.size() + ".ome.zarr");
    command.add(path.toString());
    return new org.apache.hadoop.fs.Path(path.toString());
  }

  private static FileSystem local(org.apache.hadoop.fs.Path path) throws Exception {
    return PlainFiles.system(path, new Configuration());
  }

  private void digest(byte[] samples) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(samples);
    digests.add(HexFormat.of().formatHex(digest));
  }

  private void labels(int sizeX, int sizeY, int sizeZ, int sizeT, boolean deep) throws Exception {
    Field field =
        new Field(
            "i", "i", List.of(), 0, sizeX, sizeY, sizeZ, 0, sizeT, "uint8", 0.5, 0.25, List.of());
    var path = next();
    int bytes = deep ? 4 : 2;
    byte[] samples = new byte[sizeX * sizeY * sizeZ * sizeT * CHANNELS.size() * bytes];
    ByteBuffer all = ByteBuffer.wrap(samples).order(ByteOrder.LITTLE_ENDIAN);
    try (LabelWriter writer = ZarrLabelWriter.to(local(path), path, path, field, CHANNELS, deep)) {
      for (int t = 0; t < sizeT; t++) {
        for (int c = 0; c < CHANNELS.size(); c++) {
          for (int z = 0; z < sizeZ; z++) {
            int plane = (t * CHANNELS.size() + c) * sizeZ + z;
            for (Window window : LabelWriter.windows(field)) {
              int[] labels = new int[(int) window.pixels()];
              Arrays.setAll(labels, i -> random.nextInt(deep ? 1 << 30 : 1 << 16));
              writer.write(c, z, t, window, labels);
              for (int i = 0; i < labels.length; i++) {
                int y = window.top() + i / window.width();
                int x = window.left() + i % window.width();
                int at = ((plane * sizeY + y) * sizeX + x) * bytes;
                if (deep) {
                  all.putInt(at, labels[i]);
                } else {
                  all.putShort(at, (short) labels[i]);
                }
              }
            }
          }
        }
      }
      writer.finish();
    }
    digest(samples);
  }

  @Test
  void otherReadersReadTheSame() throws Exception {
    command.add(System.getProperty("cytolake.zarr.python"));
    command.add(Path.of("src/test/python/zarr_labels.py").toAbsolutePath().toString());
    labels(61, 40, 2, 3, false);
    labels(40, 61, 1, 1, true);
    labels(2100, 2001, 1, 1, false);
    float[] values = new float[2100 * 2001];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    var path = next();
    ZarrFloatImage.write(local(path), path, "P1_w1", "w1", values, 2001, 2100);
    byte[] samples = new byte[4 * values.length];
    ByteBuffer.wrap(samples).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(values);
    digest(samples);

    Process python = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(python.waitFor()).as(said).isZero();
    List<JsonNode> read = new ArrayList<>();
    for (String line : said.strip().split("\n", -1)) {
      read.add(new ObjectMapper().readTree(line));
    }
    assertThat(read.stream().map(r -> r.path("digest").asText()).toList()).isEqualTo(digests);
    assertThat(read.stream().map(r -> r.path("type").asText()).toList())
        .containsExactly("uint16", "uint32", "uint16", "float32");
    assertThat(read.stream().map(r -> r.path("label").asBoolean()).toList())
        .containsExactly(true, true, true, false);
    assertThat(read.get(0).path("shape").toString()).isEqualTo("[3,2,2,40,61]");
    assertThat(read.get(0).path("scale").toString()).isEqualTo("[1.0,1.0,1.0,0.25,0.5]");
    assertThat(read.get(0).path("version").asText()).isEqualTo("0.5");
    assertThat(read.get(0).path("channels").path(1).asText()).isEqualTo(CHANNELS.get(1));
  }
}
