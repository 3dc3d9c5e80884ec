package org.cytolake.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.Failure;
import org.cytolake.field.Well;

/** Says what a layout makes of the files of a folder: plates, wells, fields, channels, gaps. */
final class PlateOverview {
  private static final int GAPS_SHOWN = 8;
  private static final int VALUES_SHOWN = 12;

  private final String layout;
  private final String option; // of analyze
  private final Listing listing;

  private PlateOverview(String layout, String option, Listing listing) {
    this.layout = layout;
    this.option = option;
    this.listing = listing;
  }

  /**
   * Lists a folder; opens no file but the metadata of plates.
   *
   * @param layout a layout's name or auto
   * @throws CytolakeException (USAGE) where no file fits
   */
  static String text(String folder, String layout, Configuration hadoop) {
    SourceOptions options = SourceOptions.of(Map.of("path", folder, "layout", layout));
    List<FoundFile> files = InputFiles.of(options, hadoop).files();
    List<FoundFile> fields =
        files.stream().filter(f -> f.zarr().flatMap(ZarrPlace::field).isPresent()).toList();
    if (layout.equals(FileLayout.AUTO) && !fields.isEmpty()) {
      Listing listing = ListingByFile.of(fields).orElseThrow();
      return new PlateOverview("that of OME-Zarr", "", listing).text(folder);
    }
    FileLayout.Proposal proposal =
        FileLayout.propose(layout, files)
            .orElseThrow(
                () ->
                    new CytolakeException(
                        Code.USAGE,
                        "None of the "
                            + files.size()
                            + " files under '"
                            + folder
                            + "' fits the layout "
                            + layout
                            + ".",
                        "Say with --pattern what names look like, or analyse without: every file is"
                            + " an image then. Of single files inspect says what is in them."));
    Listing listing = ListingByPattern.of(proposal.pattern(), Map.of(), true, files).orElseThrow();
    String option = proposal.layout().option();
    return new PlateOverview(
            option + ", " + proposal.files() + " of " + listing.files() + " files",
            " --layout " + option,
            listing)
        .text(folder);
  }

  private String text(String folder) {
    StringBuilder text = new StringBuilder(folder).append(System.lineSeparator());
    line(text, "layout", layout);
    Map<String, Set<Well>> wells = wells();
    if (!wells.isEmpty()) {
      line(
          text,
          "plates",
          wells.size() + (wells.keySet().equals(Set.of("")) ? "" : ": " + some(wells.keySet())));
      wells.forEach(
          (plate, of) ->
              line(
                  text,
                  "wells",
                  (plate.isEmpty() ? "" : plate + ": ")
                      + of.size()
                      + " of a plate of "
                      + Well.plateOf(of)
                      + ": "
                      + some(of)));
    }
    for (String group : listing.groups()) {
      if (!group.equals("plate") && !group.equals("well")) {
        Set<String> values = values(group);
        line(text, group, values.size() + ": " + some(values));
      }
    }
    line(
        text,
        "channels",
        listing.channelKeys().isEmpty() ? "inside the files" : some(listing.channelKeys()));
    line(text, "images", Integer.toString(listing.images().size()));
    List<String> gaps = gaps();
    line(text, "gaps", gaps.isEmpty() ? "none" : Integer.toString(gaps.size()));
    gaps.stream().limit(GAPS_SHOWN).forEach(gap -> line(text, "", gap));
    line(text, "next", "cytolake analyze --input " + folder + option);
    return text.toString();
  }

  private int place(String group) {
    return listing.groups().indexOf(group);
  }

  private static String at(List<String> groups, int place) {
    return place < 0 ? "" : groups.get(place);
  }

  private List<List<String>> allGroups() {
    List<List<String>> all = new ArrayList<>();
    listing.images().forEach(image -> all.add(image.groups()));
    listing.failures().forEach(failure -> all.add(failure.groups()));
    return all;
  }

  private Map<String, Set<Well>> wells() {
    Map<String, Set<Well>> wells = new TreeMap<>();
    for (List<String> groups : allGroups()) {
      Well.parse(at(groups, place("well")))
          .ifPresent(
              well ->
                  wells
                      .computeIfAbsent(at(groups, place("plate")), p -> new TreeSet<>())
                      .add(well));
    }
    return wells;
  }

  private Set<String> values(String group) {
    return allGroups().stream()
        .map(groups -> at(groups, place(group)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Images without the file of a channel, and wells without a field that others have. */
  private List<String> gaps() {
    List<String> gaps = new ArrayList<>(listing.failures().stream().map(Failure::message).toList());
    int field = place("field");
    if (field >= 0) {
      Set<String> all = values("field");
      Map<String, Set<String>> ofWells = new LinkedHashMap<>();
      for (List<String> groups : allGroups()) {
        String well = (at(groups, place("plate")) + " " + at(groups, place("well"))).strip();
        ofWells.computeIfAbsent(well, w -> new TreeSet<>()).add(groups.get(field));
      }
      new TreeMap<>(ofWells)
          .forEach(
              (well, fields) -> {
                Set<String> missing = new TreeSet<>(all);
                missing.removeAll(fields);
                if (!missing.isEmpty()) {
                  gaps.add("Well " + well + " has no field " + some(missing) + ".");
                }
              });
    }
    return gaps;
  }

  private static String some(Iterable<?> values) {
    List<String> all = new ArrayList<>();
    values.forEach(v -> all.add(v.toString()));
    return all.size() <= VALUES_SHOWN
        ? String.join(", ", all)
        : String.join(", ", all.subList(0, VALUES_SHOWN - 1)) + ", ... " + all.get(all.size() - 1);
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "  %-14s %s%n", name, value));
  }
}
