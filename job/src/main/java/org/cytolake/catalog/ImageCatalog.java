package org.cytolake.catalog;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
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

/**
 * The images of a load: which can be read, and why the others cannot.
 *
 * @param groups names of the pattern's groups
 * @param channels names of the channels, in column order
 * @param types Spark type of each channel: the widest over all images
 * @param fields images that can be read
 * @param failures images that cannot
 * @param files files seen
 * @param ignored files that belong to no image
 */
public record ImageCatalog(
    List<String> groups,
    List<String> channels,
    List<DataType> types,
    List<Field> fields,
    List<Failure> failures,
    int files,
    int ignored)
    implements Serializable {

  public ImageCatalog {
    groups = List.copyOf(groups);
    channels = List.copyOf(channels);
    types = List.copyOf(types);
    fields = List.copyOf(fields);
    failures = List.copyOf(failures);
  }

  /** Lists the input and reads the headers. */
  public static ImageCatalog load(SourceOptions options, Configuration hadoop, SparkSession spark) {
    return load(options, Listing.of(options, hadoop), hadoop, spark);
  }

  /** Reads the headers of the images listed. */
  public static ImageCatalog load(
      SourceOptions options, Listing listing, Configuration hadoop, SparkSession spark) {
    List<ImageFile> files =
        listing.images().stream().flatMap(i -> i.files().stream()).distinct().toList();
    List<Headers.Result> results = Headers.read(files, hadoop, spark);
    Map<String, Headers.Result> byPath = new HashMap<>();
    for (int i = 0; i < files.size(); i++) {
      byPath.put(files.get(i).path(), results.get(i));
    }
    Builder builder = new Builder(options, listing, byPath);
    for (Listing.ListedImage image : listing.images()) {
      builder.add(image);
    }
    return builder.build();
  }

  /** Of no images. */
  public static ImageCatalog none(List<String> groups) {
    return new ImageCatalog(groups, List.of(), List.of(), List.of(), List.of(), 0, 0);
  }

  /** The same images without the failed ones. */
  public ImageCatalog readable() {
    return new ImageCatalog(groups, channels, types, fields, List.of(), files, ignored);
  }

  /** The same with images failed in which one of the regions does not lie. */
  public ImageCatalog requiring(List<org.cytolake.image.Region> regions) {
    List<Field> fitting = new ArrayList<>();
    List<Failure> failing = new ArrayList<>(failures);
    for (Field field : fields) {
      regions.stream()
          .filter(r -> !r.fits(field.sizeX(), field.sizeY()))
          .findFirst()
          .ifPresentOrElse(r -> failing.add(outside(field, r)), () -> fitting.add(field));
    }
    return new ImageCatalog(groups, channels, types, fitting, failing, files, ignored);
  }

  private static Failure outside(Field field, org.cytolake.image.Region region) {
    return new Failure(
        field.image(),
        field.groups(),
        field.files().get(0).path(),
        "header",
        "REGION_OUTSIDE",
        "The region '"
            + region.name()
            + "' (x "
            + region.x()
            + ", y "
            + region.y()
            + ", "
            + region.width()
            + " x "
            + region.height()
            + ") does not lie in the image "
            + field.image()
            + ", which has "
            + field.sizeX()
            + " x "
            + field.sizeY()
            + " pixels.",
        "Change statistics.regions, or keep the image out of the input.");
  }

  /** The same with channels at least as wide as those types. */
  public ImageCatalog widened(List<DataType> others) {
    List<SampleType> own = sampleTypes();
    List<DataType> wider = new ArrayList<>();
    for (int c = 0; c < own.size(); c++) {
      wider.add(own.get(c).widen(SampleType.ofSpark(others.get(c))).sparkType());
    }
    return new ImageCatalog(groups, channels, wider, fields, failures, files, ignored);
  }

  public List<SampleType> sampleTypes() {
    return types.stream().map(SampleType::ofSpark).toList();
  }

  /** Collects images one by one. */
  private static final class Builder {
    private final SourceOptions options;
    private final Listing listing;
    private final Map<String, Headers.Result> headers;
    private final boolean byFile;
    private final List<Field> fields = new ArrayList<>();
    private final List<Failure> failures;
    private Map<String, String> names; // channel key -> column name
    private SampleType[] types;

    Builder(SourceOptions options, Listing listing, Map<String, Headers.Result> headers) {
      this.options = options;
      this.listing = listing;
      this.headers = headers;
      this.failures = new ArrayList<>(listing.failures());
      this.byFile = options.pattern() == null;
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
      }
    }

    void add(Listing.ListedImage image) {
      List<Header> ofFiles = new ArrayList<>();
      for (ImageFile file : image.files()) {
        Headers.Result result = headers.get(file.path());
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

    private void addSeries(Listing.ListedImage image, List<Header> ofFiles, int s) {
      String id = s == 0 ? image.image() : image.image() + "_" + s;
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
              "holds "
                  + count
                  + " channels where the pattern gives every channel a file of its own");
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
     * The wanted channels of a file that is an image of its own; the first such file names them
     * where no option does.
     */
    private List<Integer> insideFile(Listing.ListedImage image, String id, Header.Series series) {
      if (names == null) {
        names = new LinkedHashMap<>();
        series.channels().forEach(n -> names.put(n, n));
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
            "has " + series.channels().size() + " channels, the images before it " + names.size());
        return null;
      }
      return indices;
    }

    private void fail(Listing.ListedImage image, String id, int file, String code, String what) {
      ImageFile f = image.files().get(file);
      String remedy =
          switch (code) {
            case "SIZE_MISMATCH", "SERIES_MISMATCH" ->
                "The files are of different images: check the names, or keep the image out of the input.";
            case "NO_SUCH_Z" -> "Choose a plane that every image has, all or max.";
            default ->
                "Say which channels to read with --channels (1=name,2=name), or keep the image out of the input.";
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
      if (fields.isEmpty() && names == null) {
        Failure f = failures.get(0);
        throw new CytolakeException(
            Code.FAILED, "None of the images can be read. " + f.message(), f.remedy());
      }
      List<String> columns = List.copyOf(names.values());
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
          listing.ignored());
    }
  }
}
