package org.cytolake.bioformats.zarr;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.cytolake.bioformats.plain.RefusedException;
import org.cytolake.bioformats.zarr.ArrayLayout.ChunkNames;
import org.cytolake.bioformats.zarr.ArrayLayout.Shards;

/** Reads what {@code .zarray} of Zarr 2, or {@code zarr.json} of Zarr 3, says of an array. */
final class ArrayMetadata {
  private static final int MOST_AXES = 16;
  private static final int MOST_CODECS = 16;

  private ArrayMetadata() {}

  /**
   * Of Zarr 2.
   *
   * @throws RefusedException where it cannot be, or is of a kind that is not read
   */
  static ArrayLayout ofZarr2(JsonNode array) throws RefusedException {
    ZarrType type = ZarrType.of(array.path("dtype"));
    boolean littleEndian = !array.path("dtype").asText().startsWith(">");
    long[] shape = longs(array.path("shape"), "shape");
    int[] chunk = ints(array.path("chunks"), "chunks");
    JsonNode filters = array.path("filters");
    if (filters.isArray() && !filters.isEmpty()) {
      throw ZarrRefusals.unsupported(
          "its array has the filter '" + filters.get(0).path("id").asText() + "'; none is read");
    }
    JsonNode compressor = array.path("compressor");
    List<ChunkCodec> codecs =
        compressor.isMissingNode() || compressor.isNull()
            ? List.of()
            : List.of(ChunkCodecs.of(compressor.path("id").asText(""), compressor));
    String separator = separator(array.path("dimension_separator"), ".");
    int[] order = straight(chunk.length);
    switch (array.path("order").asText("C")) {
      case "C" -> {}
      case "F" -> order = reversed(chunk.length);
      default -> throw ZarrRefusals.metadata("its array has the order " + array.path("order"));
    }
    ArrayLayout layout =
        new ArrayLayout(
            shape,
            chunk,
            ArrayLayout.steps(chunk, order),
            type,
            littleEndian,
            type.fill(array.path("fill_value"), littleEndian),
            new ChunkNames("", separator),
            codecs,
            Optional.empty());
    layout.require();
    return layout;
  }

  /** Of Zarr 3. */
  static ArrayLayout ofZarr3(JsonNode array) throws RefusedException {
    if (!array.path("chunk_grid").path("name").asText().equals("regular")) {
      throw ZarrRefusals.unsupported(
          "its array has the grid of chunks " + array.path("chunk_grid").path("name"));
    }
    JsonNode transformers = array.path("storage_transformers");
    if (transformers.isArray() && !transformers.isEmpty()) {
      throw ZarrRefusals.unsupported("its array has storage transformers");
    }
    ZarrType type = ZarrType.of(array.path("data_type"));
    long[] shape = longs(array.path("shape"), "shape");
    int[] grid =
        ints(array.path("chunk_grid").path("configuration").path("chunk_shape"), "chunk_shape");
    JsonNode codecs = array.path("codecs");
    boolean sharded =
        codecs.size() == 1 && codecs.get(0).path("name").asText().equals("sharding_indexed");
    JsonNode sharding = codecs.path(0).path("configuration");
    int[] chunk = sharded ? ints(sharding.path("chunk_shape"), "chunk_shape") : grid;
    Steps steps = Steps.of(sharded ? sharding.path("codecs") : codecs, type, chunk.length);
    ArrayLayout layout =
        new ArrayLayout(
            shape,
            chunk,
            ArrayLayout.steps(chunk, steps.order),
            type,
            steps.littleEndian,
            type.fill(array.path("fill_value"), steps.littleEndian),
            names(array.path("chunk_key_encoding")),
            steps.codecs,
            sharded ? Optional.of(shards(sharding, grid, chunk)) : Optional.empty());
    layout.require();
    return layout;
  }

  private static ChunkNames names(JsonNode encoding) throws RefusedException {
    String name = encoding.path("name").asText("default");
    JsonNode separator = encoding.path("configuration").path("separator");
    return switch (name) {
      case "default" -> {
        String between = separator(separator, "/");
        yield new ChunkNames("c" + between, between);
      }
      case "v2" -> new ChunkNames("", separator(separator, "."));
      default -> throw ZarrRefusals.unsupported("its chunks have names of the kind '" + name + "'");
    };
  }

  private static String separator(JsonNode node, String otherwise) throws RefusedException {
    String separator = node.isMissingNode() || node.isNull() ? otherwise : node.asText();
    if (!separator.equals(".") && !separator.equals("/")) {
      throw ZarrRefusals.metadata("its chunks' numbers are separated by '" + separator + "'");
    }
    return separator;
  }

  /** Each shard is a grid of whole chunks. */
  private static Shards shards(JsonNode sharding, int[] shard, int[] chunk)
      throws RefusedException {
    int[] chunks = new int[shard.length];
    for (int a = 0; a < shard.length; a++) {
      if (chunk.length != shard.length || chunk[a] < 1 || shard[a] % chunk[a] != 0) {
        throw ZarrRefusals.metadata(
            "its shards of "
                + Arrays.toString(shard)
                + " samples hold no whole chunks of "
                + Arrays.toString(chunk));
      }
      chunks[a] = shard[a] / chunk[a];
    }
    boolean littleEndian = true;
    boolean checked = false;
    for (JsonNode codec : sharding.path("index_codecs")) {
      String name = codec.path("name").asText();
      switch (name) {
        case "bytes" ->
            littleEndian = !codec.path("configuration").path("endian").asText().equals("big");
        case "crc32c" -> checked = true;
        default ->
            throw ZarrRefusals.unsupported("the index of its shards has the codec '" + name + "'");
      }
    }
    String location = sharding.path("index_location").asText("end");
    if (!location.equals("end") && !location.equals("start")) {
      throw ZarrRefusals.metadata("the index of its shards is at the '" + location + "'");
    }
    Shards shards = new Shards(chunks, littleEndian, checked, location.equals("end"));
    shards.require();
    return shards;
  }

  /**
   * The codecs of Zarr 3: arrays to arrays, arrays to bytes, bytes to bytes.
   *
   * @param order the axes as they are stored
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Steps(int[] order, boolean littleEndian, List<ChunkCodec> codecs) {
    static Steps of(JsonNode codecs, ZarrType type, int axes) throws RefusedException {
      if (!codecs.isArray() || codecs.size() > MOST_CODECS) {
        throw ZarrRefusals.metadata("its array has no list of codecs");
      }
      int[] order = straight(axes);
      boolean bytes = false;
      boolean littleEndian = true;
      List<ChunkCodec> packing = new ArrayList<>();
      for (JsonNode codec : codecs) {
        String name = codec.path("name").asText(codec.asText(""));
        JsonNode configuration = codec.path("configuration");
        if (name.equals("sharding_indexed")) {
          throw ZarrRefusals.unsupported(
              "its array has the codec sharding_indexed together with others, or in itself");
        } else if (name.equals("transpose") && !bytes) {
          order = transposed(order, ints(configuration.path("order"), "order of transpose"));
        } else if (name.equals("bytes") && !bytes) {
          bytes = true;
          String endian = configuration.path("endian").asText("");
          littleEndian = !endian.equals("big");
          if (type.bytes() > 1 && !endian.equals("big") && !endian.equals("little")) {
            throw ZarrRefusals.metadata("its array does not say in which order bytes are");
          }
        } else if (bytes) {
          packing.add(ChunkCodecs.of(name, codec));
        } else {
          throw ZarrRefusals.unsupported(
              "its array has the codec '" + name + "' before its samples are bytes");
        }
      }
      if (!bytes) {
        throw ZarrRefusals.metadata("its array has no codec bytes");
      }
      return new Steps(order, littleEndian, packing);
    }

    private static int[] transposed(int[] order, int[] by) throws RefusedException {
      int[] sorted = by.clone();
      Arrays.sort(sorted);
      if (!Arrays.equals(sorted, straight(order.length))) {
        throw ZarrRefusals.metadata("its array is transposed by " + Arrays.toString(by));
      }
      return Arrays.stream(by).map(axis -> order[axis]).toArray();
    }
  }

  private static int[] straight(int axes) {
    return IntStream.range(0, axes).toArray();
  }

  private static int[] reversed(int axes) {
    return IntStream.range(0, axes).map(a -> axes - 1 - a).toArray();
  }

  private static long[] longs(JsonNode list, String what) throws RefusedException {
    if (!list.isArray() || list.size() > MOST_AXES) {
      throw ZarrRefusals.metadata("its array has no " + what);
    }
    long[] values = new long[list.size()];
    for (int i = 0; i < values.length; i++) {
      if (!list.get(i).isIntegralNumber() || !list.get(i).canConvertToLong()) {
        throw ZarrRefusals.metadata("its array has the " + what + " " + list);
      }
      values[i] = list.get(i).longValue();
    }
    return values;
  }

  private static int[] ints(JsonNode list, String what) throws RefusedException {
    long[] values = longs(list, what);
    for (long value : values) {
      if (value < 0 || value > Integer.MAX_VALUE) {
        throw ZarrRefusals.metadata("its array has the " + what + " " + list);
      }
    }
    return Arrays.stream(values).mapToInt(v -> (int) v).toArray();
  }
}
