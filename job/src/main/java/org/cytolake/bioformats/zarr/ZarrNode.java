package org.cytolake.bioformats.zarr;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.filter.FilteringParserDelegate;
import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.cytolake.bioformats.plain.RefusedException;

/**
 * What the metadata of a folder in a Zarr hierarchy says.
 *
 * @param file name of the file that says it
 * @param ome OME's part of the attributes; a missing node where there is none
 * @param array the metadata of an array; a missing node: it is a group
 */
public record ZarrNode(String file, JsonNode ome, JsonNode array) {
  /** Metadata of Zarr 3. */
  public static final String ZARR_3 = "zarr.json";

  /** Attributes in Zarr 2. */
  static final String ATTRIBUTES = ".zattrs";

  private static final String GROUP = ".zgroup";
  private static final String ARRAY = ".zarray";

  /**
   * Names of the files that tell a folder to be part of a Zarr hierarchy, the telling ones first.
   */
  public static final List<String> FILES = List.of(ZARR_3, ATTRIBUTES, GROUP, ARRAY);

  /** Most bytes of a file of metadata. */
  private static final long MOST = 1L << 26;

  private static final int LARGE = 1 << 20;

  private static final TokenFilter OWN =
      new TokenFilter() {
        @Override
        public TokenFilter includeProperty(String name) {
          return name.equals("consolidated_metadata") ? null : TokenFilter.INCLUDE_ALL;
        }
      };

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** What a folder is to OME. */
  public enum Kind {
    /** A plate with wells. */
    PLATE,
    /** A well with fields. */
    WELL,
    /** One image at several resolutions. */
    IMAGE,
    /** Images by number, as bioformats2raw lays them out. */
    SERIES,
    /** An array by itself, of which nothing says what its axes are. */
    ARRAY,
    /** A group that OME's metadata does not speak of. */
    GROUP
  }

  /** Whether a file of that name tells a folder to be part of a Zarr hierarchy. */
  public static boolean isMetadata(String name) {
    return FILES.contains(name);
  }

  /**
   * Of a folder; empty where it has none of the files.
   *
   * @param zarr3 whether Zarr 3 is looked for first
   * @throws RefusedException where they cannot be understood
   */
  public static Optional<ZarrNode> of(ZarrStore folder, boolean zarr3)
      throws IOException, RefusedException {
    Optional<ZarrNode> first = zarr3 ? zarr3(folder) : zarr2(folder);
    return first.isPresent() ? first : zarr3 ? zarr2(folder) : zarr3(folder);
  }

  private static Optional<ZarrNode> zarr3(ZarrStore folder) throws IOException, RefusedException {
    Optional<JsonNode> node = json(folder, ZARR_3);
    return node.isPresent() ? Optional.of(ofZarr3(node.get())) : Optional.empty();
  }

  private static Optional<ZarrNode> zarr2(ZarrStore folder) throws IOException, RefusedException {
    Optional<JsonNode> attributes = json(folder, ATTRIBUTES);
    if (attributes.isPresent() && kind(attributes.get()).isPresent()) {
      return Optional.of(new ZarrNode(ATTRIBUTES, attributes.get(), MissingNode.getInstance()));
    }
    Optional<JsonNode> array = json(folder, ARRAY);
    if (array.isPresent()) {
      return Optional.of(new ZarrNode(ARRAY, MissingNode.getInstance(), array.get()));
    }
    if (attributes.isPresent() || json(folder, GROUP).isPresent()) {
      return Optional.of(
          new ZarrNode(
              attributes.isPresent() ? ATTRIBUTES : GROUP,
              attributes.orElse(MissingNode.getInstance()),
              MissingNode.getInstance()));
    }
    return Optional.empty();
  }

  private static ZarrNode ofZarr3(JsonNode node) throws RefusedException {
    String type = node.path("node_type").asText();
    if (node.path("zarr_format").asInt() != 3 || !(type.equals("group") || type.equals("array"))) {
      throw ZarrRefusals.metadata(
          "its " + ZARR_3 + " is not that of a group or an array of Zarr 3");
    }
    JsonNode attributes = node.path("attributes");
    JsonNode ome = attributes.path("ome");
    return new ZarrNode(
        ZARR_3,
        ome.isMissingNode() ? attributes : ome,
        type.equals("array") ? node : MissingNode.getInstance());
  }

  /**
   * The array of a folder.
   *
   * @param zarr3 whether it is of Zarr 3, as the group that names it
   * @throws RefusedException where there is none
   */
  static ArrayLayout array(ZarrStore folder, boolean zarr3) throws IOException, RefusedException {
    JsonNode array =
        json(folder, zarr3 ? ZARR_3 : ARRAY)
            .orElseThrow(
                () ->
                    RefusedException.incomplete(
                        "its metadata names the array '"
                            + folder.name()
                            + "', which is not there"));
    if (!zarr3) {
      return ArrayMetadata.ofZarr2(array);
    }
    ZarrNode node = ofZarr3(array);
    if (node.array.isMissingNode()) {
      throw ZarrRefusals.metadata("its metadata names " + folder.name() + ", which is no array");
    }
    return ArrayMetadata.ofZarr3(node.array);
  }

  /** A file of metadata; empty where there is none. */
  static Optional<JsonNode> json(ZarrStore folder, String name)
      throws IOException, RefusedException {
    Optional<byte[]> bytes = folder.read(name, MOST);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      JsonNode node = parsed(bytes.get());
      if (node == null || !node.isObject()) {
        throw ZarrRefusals.metadata("its " + name + " is no JSON object");
      }
      return Optional.of(node);
    } catch (JsonProcessingException e) {
      throw ZarrRefusals.metadata("its " + name + " is no JSON: " + e.getOriginalMessage());
    }
  }

  /** A plate may hold the metadata of all below it once more, which would take the memory. */
  private static JsonNode parsed(byte[] json) throws IOException {
    JsonParser parser = JSON.createParser(json);
    return JSON.readTree(
        json.length <= LARGE
            ? parser
            : new FilteringParserDelegate(
                parser, OWN, TokenFilter.Inclusion.INCLUDE_ALL_AND_PATH, true));
  }

  /** Whether it is of Zarr 3. */
  public boolean isZarr3() {
    return file.equals(ZARR_3);
  }

  /** What it is. */
  public Kind kind() {
    return kind(ome).orElse(array.isMissingNode() ? Kind.GROUP : Kind.ARRAY);
  }

  private static Optional<Kind> kind(JsonNode ome) {
    if (ome.path("plate").isObject()) {
      return Optional.of(Kind.PLATE);
    }
    if (ome.path("well").isObject()) {
      return Optional.of(Kind.WELL);
    }
    if (ome.path("multiscales").isArray()) {
      return Optional.of(Kind.IMAGE);
    }
    return ome.has("bioformats2raw.layout") ? Optional.of(Kind.SERIES) : Optional.empty();
  }

  /** The paths of a plate's wells, below it. */
  public List<String> wells() throws RefusedException {
    return paths(ome.path("plate").path("wells"), "wells");
  }

  /** The paths of a well's fields, below it. */
  public List<String> fields() throws RefusedException {
    return paths(ome.path("well").path("images"), "images");
  }

  private static List<String> paths(JsonNode list, String what) throws RefusedException {
    if (!list.isArray()) {
      throw ZarrRefusals.metadata("its metadata has no list of " + what);
    }
    List<String> paths = new java.util.ArrayList<>();
    for (JsonNode one : list) {
      if (!one.path("path").isTextual()) {
        throw ZarrRefusals.metadata("its metadata names " + what + " without a path");
      }
      paths.add(one.path("path").textValue());
    }
    return paths.stream().distinct().toList();
  }
}
