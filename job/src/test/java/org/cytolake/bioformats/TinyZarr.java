package org.cytolake.bioformats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** Writes OME-Zarr 0.5 without compression: images with the axes t, c, z, y, x. */
public final class TinyZarr {
  private TinyZarr() {}

  /**
   * Writes an image of one level.
   *
   * @param shape along t, c, z, y, x; {@code chunk}: the same of a chunk
   * @param sample by its place along the axes
   * @param um micrometres a pixel
   */
  public static void image(
      Path folder,
      int[] shape,
      int[] chunk,
      double um,
      List<String> channels,
      ToIntFunction<int[]> sample)
      throws IOException {
    pyramid(folder, List.of(um), channels);
    array(folder.resolve("0"), shape, chunk, sample);
  }

  /** The metadata of an image with levels called 0, 1 and so on. */
  public static void pyramid(Path folder, List<Double> um, List<String> channels)
      throws IOException {
    String datasets =
        java.util.stream.IntStream.range(0, um.size())
            .mapToObj(
                level ->
                    """
                    {"path": "%d", "coordinateTransformations": [
                      {"type": "scale", "scale": [1, 1, 1, %s, %s]}]}\
                    """
                        .formatted(level, um.get(level), um.get(level)))
            .collect(Collectors.joining(","));
    group(
        folder,
        """
        "multiscales": [{"axes": [{"name": "t", "type": "time"}, {"name": "c", "type": "channel"},
          {"name": "z", "type": "space", "unit": "micrometer"},
          {"name": "y", "type": "space", "unit": "micrometer"},
          {"name": "x", "type": "space", "unit": "micrometer"}], "datasets": [%s]}],
        "omero": {"channels": [%s]}\
        """
            .formatted(
                datasets,
                channels.stream()
                    .map(c -> "{\"label\": \"" + c + "\"}")
                    .collect(Collectors.joining(","))));
  }

  /** A group with OME's metadata. */
  public static void group(Path folder, String ome) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("zarr.json"),
        """
        {"zarr_format": 3, "node_type": "group", "attributes": {"ome": {"version": "0.5", %s}}}\
        """
            .formatted(ome));
  }

  /** An array of unsigned 16 bits. */
  public static void array(Path folder, int[] shape, int[] chunk, ToIntFunction<int[]> sample)
      throws IOException {
    array(folder, shape, chunk, "uint16", sample);
  }

  /**
   * An array.
   *
   * @param type uint8 or uint16
   */
  public static void array(
      Path folder, int[] shape, int[] chunk, String type, ToIntFunction<int[]> sample)
      throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("zarr.json"), metadata(shape, chunk, type, ""));
    boolean wide = type.equals("uint16");
    int[] chunks = new int[shape.length];
    Arrays.setAll(chunks, a -> (shape[a] + chunk[a] - 1) / chunk[a]);
    int count = product(chunks);
    for (int n = 0; n < count; n++) {
      int[] number = place(n, chunks);
      ByteBuffer bytes =
          ByteBuffer.allocate((wide ? 2 : 1) * product(chunk)).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < product(chunk); i++) {
        int[] at = place(i, chunk);
        boolean inside = true;
        for (int a = 0; a < at.length; a++) {
          at[a] += number[a] * chunk[a];
          inside &= at[a] < shape[a];
        }
        int value = inside ? sample.applyAsInt(at) : 0;
        if (wide) {
          bytes.putShort((short) value);
        } else {
          bytes.put((byte) value);
        }
      }
      Path file = folder.resolve("c");
      for (int part : number) {
        file = file.resolve(Integer.toString(part));
      }
      Files.createDirectories(file.getParent());
      Files.write(file, bytes.array());
    }
  }

  /**
   * The metadata of an array.
   *
   * @param codecs what follows the codec bytes in the list
   */
  public static String metadata(int[] shape, int[] chunk, String type, String codecs) {
    return """
    {"zarr_format": 3, "node_type": "array", "shape": %s, "data_type": "%s",
     "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": %s}},
     "chunk_key_encoding": {"name": "default"}, "fill_value": 7,
     "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}%s]}\
    """
        .formatted(Arrays.toString(shape), type, Arrays.toString(chunk), codecs);
  }

  /**
   * The metadata of a plate and its wells.
   *
   * @param fields of each well, by its path such as A/1
   */
  public static void plate(Path folder, Map<String, List<String>> fields) throws IOException {
    group(
        folder,
        "\"plate\": {\"wells\": ["
            + fields.keySet().stream()
                .sorted()
                .map(well -> "{\"path\": \"" + well + "\"}")
                .collect(Collectors.joining(","))
            + "]}");
    for (Map.Entry<String, List<String>> well : fields.entrySet()) {
      group(
          folder.resolve(well.getKey()),
          "\"well\": {\"images\": ["
              + well.getValue().stream()
                  .map(field -> "{\"path\": \"" + field + "\"}")
                  .collect(Collectors.joining(","))
              + "]}");
    }
  }

  private static int product(int[] sizes) {
    return Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
  }

  private static int[] place(int index, int[] sizes) {
    int[] place = new int[sizes.length];
    int rest = index;
    for (int a = sizes.length - 1; a >= 0; a--) {
      place[a] = rest % sizes[a];
      rest /= sizes[a];
    }
    return place;
  }
}
