package org.cytolake.catalog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.Failure;
import org.cytolake.field.ImageFile;

/** Images by the named groups of a pattern over the files' names: one file a channel. */
final class ListingByPattern {
  private final FilePattern pattern;
  private final Map<String, String> wanted; // channel keys to names; empty: all
  private final Map<String, Integer> numbers = new HashMap<>(); // of the channel keys found
  private final Map<String, String> known = new HashMap<>(); // group values, each kept once
  private final Map<List<String>, Members> byGroups = new LinkedHashMap<>();
  private int ignored;

  private ListingByPattern(FilePattern pattern, Map<String, String> wanted) {
    this.pattern = pattern;
    this.wanted = wanted;
  }

  /** The files of one image. */
  private static final class Members {
    private ImageFile[] first = {}; // by number of the channel
    private Map<Integer, List<ImageFile>> more = Map.of(); // beyond the first of a channel

    void add(int channel, ImageFile file) {
      if (first.length <= channel) {
        first = Arrays.copyOf(first, channel + 1);
      }
      if (first[channel] == null) {
        first[channel] = file;
        return;
      }
      if (more.isEmpty()) {
        more = new HashMap<>();
      }
      more.computeIfAbsent(channel, c -> new ArrayList<>()).add(file);
    }

    ImageFile of(int channel) {
      return channel < first.length ? first[channel] : null;
    }

    List<ImageFile> moreOf(int channel) {
      return more.getOrDefault(channel, List.of());
    }

    /** The file that sorts first, or the empty string where there is none. */
    String anyPath() {
      return Arrays.stream(first)
          .filter(f -> f != null)
          .map(ImageFile::path)
          .min(String::compareTo)
          .orElse("");
    }
  }

  /**
   * The listing; empty where no file matches. Ids may be equal.
   *
   * @param wanted the channels that an image must have, in column order; empty: all that are found
   * @param required whether each of them must have a file
   * @throws CytolakeException USAGE where a channel asked for has no file at all
   */
  static Optional<Listing> of(
      FilePattern pattern, Map<String, String> wanted, boolean required, List<FoundFile> found) {
    ListingByPattern listing = new ListingByPattern(pattern, wanted);
    found.forEach(listing::add);
    return listing.numbers.isEmpty()
        ? Optional.empty()
        : Optional.of(listing.listed(found.size(), required));
  }

  private void add(FoundFile file) {
    Optional<FilePattern.Match> match = pattern.match(file);
    if (match.isEmpty()) {
      ignored++;
      return;
    }
    String key = match.get().channel();
    int channel = numbers.computeIfAbsent(key, k -> numbers.size());
    Members members = byGroups.get(match.get().groups());
    if (members == null) {
      members = new Members();
      byGroups.put(match.get().groups().stream().map(this::once).toList(), members);
    }
    if (!pattern.hasChannel() || wanted.isEmpty() || wanted.containsKey(key)) {
      members.add(channel, file.file());
    } else {
      ignored++;
    }
  }

  private String once(String value) {
    String before = known.putIfAbsent(value, value);
    return before == null ? value : before;
  }

  private Listing listed(int files, boolean required) {
    boolean found = wanted.isEmpty() || !pattern.hasChannel();
    List<String> channelKeys =
        List.copyOf(found ? new TreeSet<>(numbers.keySet()) : wanted.keySet());
    for (String key : channelKeys) {
      if (required && !numbers.containsKey(key)) {
        throw new CytolakeException(
            Code.USAGE,
            "No file has channel '" + key + "'.",
            "The channels found are "
                + String.join(", ", new TreeSet<>(numbers.keySet()))
                + ": correct --channels.");
      }
    }
    List<Listing.ListedImage> images = new ArrayList<>(byGroups.size());
    List<Failure> failures = new ArrayList<>();
    byGroups.forEach(
        (groups, members) -> {
          String image = groups.isEmpty() ? "image" : String.join("_", groups);
          ImageFile[] ofChannels = new ImageFile[channelKeys.size()];
          for (int c = 0; c < ofChannels.length; c++) {
            String key = channelKeys.get(c);
            Integer number = numbers.get(key);
            ofChannels[c] = number == null ? null : members.of(number);
            if (ofChannels[c] == null) {
              failures.add(missing(image, groups, members.anyPath(), key));
              return;
            }
            List<ImageFile> more = members.moreOf(number);
            if (!more.isEmpty()) {
              failures.add(twice(image, groups, key, ofChannels[c], more));
              return;
            }
          }
          images.add(new Listing.ListedImage(image, groups, List.of(ofChannels)));
        });
    return new Listing(
        pattern.groups(),
        pattern.hasChannel() ? channelKeys : List.of(),
        images,
        failures,
        files,
        ignored);
  }

  private static Failure missing(String image, List<String> groups, String file, String key) {
    return new Failure(
        image,
        groups,
        file,
        "list",
        Listing.CHANNEL_MISSING,
        "Image " + image + " has no file for channel '" + key + "'.",
        "Add the file, or leave the channel out of --channels.");
  }

  private static Failure twice(
      String image, List<String> groups, String key, ImageFile first, List<ImageFile> more) {
    return new Failure(
        image,
        groups,
        more.get(0).path(),
        "list",
        "DUPLICATE_FILE",
        "Image "
            + image
            + " has "
            + (1 + more.size())
            + " files for channel '"
            + key
            + "': "
            + first.path()
            + " and "
            + more.get(0).path()
            + ".",
        "Remove one, or put what tells them apart into a named group of --pattern.");
  }
}
