package org.cytolake.illumination;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.zarr.PyramidLevel;
import org.cytolake.catalog.Listing;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.config.IlluminationOptions;
import org.cytolake.config.PatternGroups;
import org.cytolake.field.Field;
import org.cytolake.field.ImageFile;

/**
 * The groups of images that share illumination functions, and which functions those are: told by
 * the settings and the files of all images of the group, before any pixel is read. So an image is
 * analysed again when the function that corrects it is another.
 *
 * @param names of the pattern's groups in which the images of a group agree; none: all images are
 *     one group
 * @param places of those among the pattern's groups
 * @param identities of the functions, by the values of the names; equal where functions are
 */
public record IlluminationGroups(
    List<String> names, List<Integer> places, Map<List<String>, String> identities)
    implements Serializable {
  public IlluminationGroups {
    names = List.copyOf(names);
    places = List.copyOf(places);
    identities = Map.copyOf(identities);
  }

  /**
   * Of the images of an input.
   *
   * @throws CytolakeException (USAGE) where the pattern has no group that illumination.group names,
   *     or there are no functions at illumination.from
   */
  public static IlluminationGroups of(
      CytolakeConfig config, Listing listing, Configuration hadoop) {
    IlluminationOptions options = config.illumination();
    IlluminationGroups groups = named(options, listing.groups());
    Map<List<String>, MessageDigest> digests = new HashMap<>();
    if (options.made() || options.applied()) {
      String settings =
          settings(config)
              + (options.made() ? "" : FunctionFiles.of(options.from(), hadoop).identity(hadoop));
      for (Listing.ListedImage image : listing.images()) { // in the order of their ids
        MessageDigest digest =
            digests.computeIfAbsent(groups.values(image.groups()), g -> add(sha256(), settings));
        if (options.made()) {
          for (ImageFile file : image.files()) {
            add(digest, "\n" + file.path() + "\n" + file.length() + " " + file.modified());
          }
        }
      }
    }
    Map<List<String>, String> identities = new HashMap<>();
    Map<String, List<String>> files = new TreeMap<>();
    digests.forEach(
        (values, digest) -> {
          identities.put(values, HexFormat.of().formatHex(digest.digest()));
          List<String> twin = files.put(FunctionFiles.name(values), values);
          if (twin != null) {
            throw new CytolakeException(
                Code.USAGE,
                "The illumination functions of " + twin + " and " + values + " would be one file.",
                "Let the groups of the pattern that illumination.group names match no _.");
          }
        });
    return new IlluminationGroups(groups.names, groups.places, identities);
  }

  /**
   * The same where it is of no account which functions they have.
   *
   * @param groups the pattern's
   */
  public static IlluminationGroups named(IlluminationOptions options, List<String> groups) {
    List<String> names = PatternGroups.named("illumination.group", options.group(), groups);
    return new IlluminationGroups(names, names.stream().map(groups::indexOf).toList(), Map.of());
  }

  private static String settings(CytolakeConfig config) {
    IlluminationOptions o = config.illumination();
    PyramidLevel level = SourceOptions.parseLevel(config.input().level());
    return "apply="
        + IlluminationOptions.word(o.apply())
        + "\nmethod="
        + IlluminationOptions.word(o.method())
        + "\nblock-size="
        + (o.method() == IlluminationOptions.Method.BACKGROUND ? o.blockSize() : "")
        + "\nsmoothing="
        + IlluminationOptions.word(o.smoothing().kind())
        + "\nsmoothing-size="
        + o.smoothing().sizeOrNaN()
        + "\nrescaled="
        + o.rescaled()
        + "\nchannels="
        + config.input().channels()
        + "\nz="
        + config.input().z()
        + (level.isFull() ? "" : "\nlevel=" + level);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static MessageDigest add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    return digest;
  }

  /** The values by which an image's group is known, of all its groups' values. */
  public List<String> values(List<String> groups) {
    return places.stream().map(g -> g < groups.size() ? groups.get(g) : "").toList();
  }

  /** Of each group those of the size and pixel types that most of its pixels have. */
  public List<Field> alike(List<Field> fields) {
    Map<List<String>, ImageShape> most = ImageShape.ofMost(fields, this);
    return fields.stream()
        .filter(f -> ImageShape.of(f).equals(most.get(values(f.groups()))))
        .toList();
  }

  /** The same groups where functions are of no account. */
  public IlluminationGroups withoutFunctions() {
    return new IlluminationGroups(names, places, Map.of());
  }

  /** Which functions an image has, of all its groups' values; empty where it has none. */
  public String identity(List<String> groups) {
    return identities.getOrDefault(values(groups), "");
  }

  /** The values of all the pattern's groups, those that the group has none of being null. */
  List<String> keyed(List<String> values, int groups) {
    List<String> keyed = new ArrayList<>();
    for (int g = 0; g < groups; g++) {
      int at = places.indexOf(g);
      keyed.add(at < 0 ? null : values.get(at));
    }
    return keyed;
  }
}
