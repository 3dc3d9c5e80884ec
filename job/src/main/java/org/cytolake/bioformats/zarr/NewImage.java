package org.cytolake.bioformats.zarr;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.cytolake.bioformats.LabelWriter;
import org.cytolake.stardist.Window;

/**
 * A folder of OME-Zarr 0.5 that is written: an image of one resolution with the axes t, c, z, y, x
 * in Zarr 3, one chunk for each of {@link LabelWriter#windows}, in Zstandard with a checksum. All
 * chunks are written, so that whoever begins once more replaces what was there. Not thread-safe.
 */
final class NewImage implements Closeable {
  private static final String VERSION = "0.5";
  private static final String LEVEL = "0";
  private static final int COMPRESSION = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FileSystem fs;
  private final Path folder;
  private final ZarrType type;
  private final List<Integer> shape;
  private final Window chunk; // the first
  private final ByteBuffer samples; // of a chunk
  private final byte[] compressed;
  private final ZstdCompressCtx zstd = new ZstdCompressCtx();

  /**
   * Begins.
   *
   * @param folder where it goes; need not be there
   * @param shape along t, c, z, y, x
   */
  NewImage(FileSystem fs, Path folder, ZarrType type, List<Integer> shape) {
    this.fs = fs;
    this.folder = folder;
    this.type = type;
    this.shape = List.copyOf(shape);
    this.chunk = LabelWriter.windows(shape.get(3), shape.get(4)).get(0);
    int bytes = Math.toIntExact(chunk.pixels() * type.bytes());
    this.samples = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.compressed = new byte[(int) Zstd.compressBound(bytes)];
    zstd.setLevel(COMPRESSION);
    zstd.setChecksum(true);
  }

  /**
   * Writes the metadata.
   *
   * @param channels their names
   * @param least intensity that viewers show in black; {@code most}: in white
   * @param micrometresY a pixel, or null where it is not known; {@code micrometresX} likewise
   * @param beside more of OME's metadata
   */
  void metadata(
      String name,
      List<String> channels,
      double least,
      double most,
      Double micrometresY,
      Double micrometresX,
      Map<String, Object> beside)
      throws IOException {
    boolean known = micrometresY != null && micrometresX != null;
    List<Double> scale =
        List.of(1.0, 1.0, 1.0, known ? micrometresY : 1.0, known ? micrometresX : 1.0);
    Map<String, Object> image = new LinkedHashMap<>();
    image.put("name", name);
    image.put("axes", Stream.of("t", "c", "z", "y", "x").map(axis -> axis(axis, known)).toList());
    image.put(
        "datasets",
        List.of(
            Map.of(
                "path",
                LEVEL,
                "coordinateTransformations",
                List.of(Map.of("type", "scale", "scale", scale)))));
    Map<String, Object> window = Map.of("min", least, "max", most, "start", least, "end", most);
    Map<String, Object> ome = new LinkedHashMap<>();
    ome.put("version", VERSION);
    ome.put("multiscales", List.of(image));
    ome.put(
        "omero",
        Map.of(
            "channels",
            channels.stream()
                .map(c -> Map.of("label", c, "color", "FFFFFF", "active", true, "window", window))
                .toList()));
    ome.putAll(beside);
    json("", "group", Map.of("attributes", Map.of("ome", ome)));
    json(LEVEL + "/", "array", array());
  }

  private static Map<String, Object> axis(String name, boolean known) {
    String type = name.equals("t") ? "time" : name.equals("c") ? "channel" : "space";
    return known && (name.equals("y") || name.equals("x"))
        ? Map.of("name", name, "type", type, "unit", "micrometer")
        : Map.of("name", name, "type", type);
  }

  private Map<String, Object> array() {
    Map<String, Object> array = new LinkedHashMap<>();
    array.put("shape", shape);
    array.put("data_type", type.name().toLowerCase(Locale.ROOT));
    List<Integer> sizes = List.of(1, 1, 1, chunk.height(), chunk.width());
    array.put("chunk_grid", named("regular", Map.of("chunk_shape", sizes)));
    array.put("chunk_key_encoding", named("default", Map.of("separator", "/")));
    array.put("fill_value", 0);
    array.put(
        "codecs",
        List.of(
            named("bytes", Map.of("endian", "little")),
            named("zstd", Map.of("level", COMPRESSION, "checksum", true))));
    array.put("attributes", Map.of());
    array.put("dimension_names", List.of("t", "c", "z", "y", "x"));
    return array;
  }

  private static Map<String, Object> named(String name, Map<String, Object> configuration) {
    return Map.of("name", name, "configuration", configuration);
  }

  private void json(String path, String node, Map<String, Object> content) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("zarr_format", 3);
    all.put("node_type", node);
    all.putAll(content);
    try {
      byte[] text = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(all);
      write(path + ZarrNode.ZARR_3, text, text.length);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(String key, byte[] bytes, int length) throws IOException {
    try (OutputStream out = fs.create(new Path(folder, key), true)) {
      out.write(bytes, 0, length);
    }
  }

  /** Gives a chunk its samples. */
  @FunctionalInterface
  interface Rows {
    /**
     * Puts a row of a rectangle at the buffer's position.
     *
     * @param y from 0
     */
    void put(int y, ByteBuffer samples);
  }

  /**
   * Writes a chunk.
   *
   * @param window one of {@link LabelWriter#windows}
   */
  void chunk(int t, int c, int z, Window window, Rows rows) throws IOException {
    int stride = chunk.width() * type.bytes();
    if (window.pixels() < chunk.pixels()) {
      Arrays.fill(samples.array(), (byte) 0); // beyond the border
    }
    for (int y = 0; y < window.height(); y++) {
      rows.put(y, samples.position(y * stride));
    }
    int length =
        zstd.compressByteArray(
            compressed, 0, compressed.length, samples.array(), 0, samples.capacity());
    int row = window.top() / chunk.height();
    int column = window.left() / chunk.width();
    write(LEVEL + "/c/%d/%d/%d/%d/%d".formatted(t, c, z, row, column), compressed, length);
  }

  @Override
  public void close() {
    zstd.close();
  }
}
