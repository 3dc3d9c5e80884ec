package org.cytolake.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.cytolake.bioformats.BioFormats;
import org.cytolake.bioformats.Headers;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.Columns;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.field.Header;
import org.cytolake.field.ImageFile;
import org.cytolake.field.SampleType;

/** Collects the images of a load one by one. */
final class CatalogBuilder {
  private final SourceOptions options;
  private final Listing listing;
  private final Set<String> ids; // of the images listed
  private final Map<String, String> seriesFiles = new HashMap<>(); // by id of a later series
  private final boolean byFile;
  private final List<Field> fields = new ArrayList<>();
  private final List<Failure> failures;
  private final Set<String> listed = new HashSet<>(); // paths, once one is asked for
  private int parts; // files that belong to the image of another
  private final Map<List<String>, Integer> votes = new LinkedHashMap<>(); // channels of images
  private Map<String, String> names; // channel key -> column name
  private SampleType[] types;

  /**
   * @param known names of the channels, where no option and no pattern says them; may be empty
   */
  CatalogBuilder(SourceOptions options, Listing listing, List<String> known) {
    this.options = options;
    this.listing = listing;
    this.ids = listing.ids();
    this.failures = new ArrayList<>(listing.failures());
    this.byFile = listing.channelKeys().isEmpty();
    if (!options.channels().isEmpty()) {
      names = options.channels();
    } else if (!byFile) {
      names = new LinkedHashMap<>();
      for (String key : listing.channelKeys()) {
        names.put(
            key,
            key.matches("[A-Za-z].*")
                ? Columns.channelName(key, 0)
                : "channel_" + key.replaceAll("\\W", "_"));
      }
      requireDistinct(names);
    } else if (!known.isEmpty()) {
      names = new LinkedHashMap<>();
      known.forEach(name -> names.put(name, name));
    }
  }

  private static void requireDistinct(Map<String, String> names) {
    Map<String, String> keys = new HashMap<>();
    names.forEach(
        (key, name) -> {
          String other = keys.put(name.toLowerCase(Locale.ROOT), key);
          if (other != null) {
            throw new CytolakeException(
                Code.USAGE,
                "The channels '"
                    + other
                    + "' and '"
                    + key
                    + "' would both be the column "
                    + name
                    + ".",
                "Name them apart with channels, such as " + other + "=first," + key + "=second.");
          }
        });
  }

  /** Takes note of the ids of an image's series; of all images before the first is added. */
  void number(Listing.ListedImage image, List<Headers.Result> results) {
    Header header = results.get(0).header();
    if (byFile && header != null && !isPart(image, results)) {
      votes.merge(header.series().get(0).channels(), 1, Integer::sum);
    }
    for (int s = 1; s < seriesCount(results); s++) {
      seriesFiles.put(image.id(s), image.files().get(0).path());
    }
  }

  /** The channels that most images have; of those that are as many, of the first listed. */
  private List<String> usual(List<String> absent) {
    List<String> usual = absent;
    int most = 0;
    for (Map.Entry<List<String>, Integer> channels : votes.entrySet()) {
      if (channels.getValue() > most) {
        most = channels.getValue();
        usual = channels.getKey();
      }
    }
    return usual;
  }

  private static int seriesCount(List<Headers.Result> results) {
    Header first = results.get(0).header();
    return first == null ? 0 : first.series().size();
  }

  /**
   * Adds an image, or why it is none.
   *
   * @param results the header of each of its files
   */
  void add(Listing.ListedImage image, List<Headers.Result> results) {
    if (isPart(image, results)) {
      parts++;
      return;
    }
    if (isTwin(image, seriesCount(results))) {
      return;
    }
    List<Header> ofFiles = new ArrayList<>(results.size());
    for (Headers.Result result : results) {
      if (result.failure() != null) {
        failures.add(result.failure().of(image.image(), image.groups()));
        return;
      }
      ofFiles.add(result.header());
    }
    int seriesCount = ofFiles.get(0).series().size();
    for (int f = 1; f < ofFiles.size(); f++) {
      if (ofFiles.get(f).series().size() != seriesCount) {
        fail(
            image,
            image.image(),
            f,
            "SERIES_MISMATCH",
            "has "
                + ofFiles.get(f).series().size()
                + " series, the first channel's has "
                + seriesCount);
        return;
      }
    }
    for (int s = 0; s < seriesCount; s++) {
      addSeries(image, ofFiles, s);
    }
  }

  /** Whether another file in the input stands for the image in which these planes lie. */
  private boolean isPart(Listing.ListedImage image, List<Headers.Result> results) {
    Header header = results.get(0).header();
    if (!byFile || header == null || header.partOf().isEmpty()) {
      return false;
    }
    if (listed.isEmpty()) {
      listing.images().forEach(i -> listed.add(i.files().get(0).path()));
    }
    String path = image.files().get(0).path();
    return listed.contains(path.substring(0, path.lastIndexOf('/') + 1) + header.partOf());
  }

  /** Whether the image, or one of its series, has the id of another: then all of it fails. */
  private boolean isTwin(Listing.ListedImage image, int seriesCount) {
    String series = seriesFiles.get(image.image());
    if (series != null) {
      fail(
          image,
          image.image(),
          0,
          "DUPLICATE_IMAGE",
          "would be image " + image.image() + ", as a series of " + series + " would");
      return true;
    }
    for (int s = 1; s < seriesCount; s++) {
      String id = image.id(s);
      if (ids.contains(id)) {
        fail(
            image,
            image.image(),
            0,
            "DUPLICATE_IMAGE",
            "has a series " + s + " that would be image " + id + ", as another file is");
        return true;
      }
    }
    return false;
  }

  private void addSeries(Listing.ListedImage image, List<Header> ofFiles, int s) {
    String id = image.id(s);
    Header.Series first = ofFiles.get(0).series().get(s);
    for (int f = 1; f < ofFiles.size(); f++) {
      Header.Series other = ofFiles.get(f).series().get(s);
      if (other.sizeX() != first.sizeX()
          || other.sizeY() != first.sizeY()
          || other.sizeZ() != first.sizeZ()
          || other.sizeT() != first.sizeT()) {
        fail(
            image,
            id,
            f,
            "SIZE_MISMATCH",
            "is "
                + size(other)
                + ", the first channel's file "
                + image.files().get(0).name()
                + " is "
                + size(first));
        return;
      }
    }
    List<Integer> indices = byFile ? insideFile(image, id, first) : new ArrayList<>();
    if (indices == null) {
      return;
    }
    for (int f = 0; !byFile && f < ofFiles.size(); f++) {
      int count = ofFiles.get(f).series().get(s).channels().size();
      if (count != 1) {
        fail(
            image,
            id,
            f,
            "CHANNEL_COUNT",
            "holds " + count + " channels where the pattern gives every channel a file of its own");
        return;
      }
      indices.add(0);
    }
    if (options.z() >= first.sizeZ()) {
      fail(image, id, 0, "NO_SUCH_Z", "has " + first.sizeZ() + " z planes; z is " + options.z());
      return;
    }
    List<Field.Channel> channels = new ArrayList<>();
    SampleType[] ofChannels = new SampleType[indices.size()];
    int widest = first.pixelType();
    for (int c = 0; c < indices.size(); c++) {
      int f = byFile ? 0 : c;
      Header.Series series = ofFiles.get(f).series().get(s);
      widest =
          BioFormats.bytesPerSample(series.pixelType()) > BioFormats.bytesPerSample(widest)
              ? series.pixelType()
              : widest;
      ofChannels[c] = BioFormats.sampleType(series.pixelType());
      channels.add(
          new Field.Channel(
              image.files().get(f),
              ofFiles.get(f).readerClass(),
              indices.get(c),
              BioFormats.pixelTypeName(series.pixelType()),
              options.z() == SourceOptions.MAX_Z ? first.sizeZ() : 0,
              series.tileWidth(),
              series.tileHeight()));
    }
    if (types == null) {
      types = ofChannels;
    }
    for (int c = 0; c < types.length; c++) {
      types[c] = types[c].widen(ofChannels[c]);
    }
    boolean all = options.z() == SourceOptions.ALL_Z;
    fields.add(
        new Field(
            id,
            image.image(),
            image.groups(),
            s,
            first.sizeX(),
            first.sizeY(),
            all ? first.sizeZ() : 1,
            Math.max(0, options.z()),
            first.sizeT(),
            BioFormats.pixelTypeName(widest),
            first.pixelSizeXUm(),
            first.pixelSizeYUm(),
            channels));
  }

  /**
   * The wanted channels of a file that is an image of its own; what most such files have names them
   * where no option does.
   */
  private List<Integer> insideFile(Listing.ListedImage image, String id, Header.Series series) {
    if (names == null) {
      names = new LinkedHashMap<>();
      usual(series.channels()).forEach(n -> names.put(n, n));
    }
    List<Integer> indices = new ArrayList<>();
    for (String key : names.keySet()) {
      int index = series.channels().indexOf(key);
      if (index < 0 && key.matches("[1-9]\\d{0,4}")) {
        index = Integer.parseInt(key) - 1;
      }
      if (index < 0 || index >= series.channels().size()) {
        fail(
            image,
            id,
            0,
            "CHANNEL_MISSING",
            "has no channel '" + key + "'; it has " + String.join(", ", series.channels()));
        return null;
      }
      indices.add(index);
    }
    if (options.channels().isEmpty() && series.channels().size() != names.size()) {
      fail(
          image,
          id,
          0,
          "CHANNEL_COUNT",
          "has " + series.channels().size() + " channels, other images have " + names.size());
      return null;
    }
    return indices;
  }

  private void fail(Listing.ListedImage image, String id, int file, String code, String what) {
    ImageFile f = image.files().get(file);
    String remedy =
        switch (code) {
          case "SIZE_MISMATCH", "SERIES_MISMATCH" ->
              "The files are of different images: check the names, or keep the image out of the"
                  + " input.";
          case "DUPLICATE_IMAGE" ->
              "A series beyond the first has its number added to the file's id: rename one of the"
                  + " files.";
          case "NO_SUCH_Z" -> "Choose a plane that every image has, all or max.";
          default ->
              "Say which channels to read with --channels (1=name,2=name), or keep the image out of"
                  + " the input.";
        };
    failures.add(
        new Failure(
            id,
            image.groups(),
            f.path(),
            "header",
            code,
            "The file " + f.path() + " " + what + ".",
            remedy));
  }

  private static String size(Header.Series s) {
    return s.sizeX() + " x " + s.sizeY() + " pixels (z " + s.sizeZ() + ", t " + s.sizeT() + ")";
  }

  ImageCatalog build() {
    List<String> columns = names == null ? List.of() : List.copyOf(names.values());
    List<DataType> sparkTypes = new ArrayList<>();
    for (int c = 0; c < columns.size(); c++) {
      sparkTypes.add((types == null ? SampleType.INT : types[c]).sparkType());
    }
    return new ImageCatalog(
        listing.groups(),
        columns,
        sparkTypes,
        fields,
        failures,
        listing.files(),
        listing.ignored() + parts);
  }
}
