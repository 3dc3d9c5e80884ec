package org.cytolake.catalog;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.cytolake.bioformats.Headers;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
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

  private static final Pattern NUMBERED = Pattern.compile("(.+)_[1-9][0-9]*", Pattern.DOTALL);

  public ImageCatalog {
    groups = List.copyOf(groups);
    channels = List.copyOf(channels);
    types = List.copyOf(types);
    fields = List.copyOf(fields);
    failures = List.copyOf(failures);
  }

  /**
   * Lists the input and reads the headers.
   *
   * @throws CytolakeException (FAILED) where no image can be read that would say which channels
   *     there are
   */
  public static ImageCatalog load(SourceOptions options, Configuration hadoop, SparkSession spark) {
    Listing listing = Listing.of(options, hadoop);
    return load(options, listing, listing.images(), hadoop, spark).requireChannels();
  }

  /**
   * This, where its channels are known.
   *
   * @throws CytolakeException (FAILED) where no image can be read that would say them
   */
  public ImageCatalog requireChannels() {
    if (channels.isEmpty()) {
      Failure f = failures.get(0);
      throw new CytolakeException(
          Code.FAILED, "None of the images can be read. " + f.message(), f.remedy());
    }
    return this;
  }

  /**
   * Reads the headers of some of the images listed.
   *
   * @param listing all of the input, whose ids the series of those images must leave free
   * @param images those of the listing that are wanted
   */
  public static ImageCatalog load(
      SourceOptions options,
      Listing listing,
      List<Listing.ListedImage> images,
      Configuration hadoop,
      SparkSession spark) {
    return load(options, listing, images, List.of(), hadoop, spark);
  }

  /**
   * The same where it is known which channels images have, of which those with others then fail.
   *
   * @param known names of the channels, where no option and no pattern says them; empty: those of
   *     the first image
   */
  public static ImageCatalog load(
      SourceOptions options,
      Listing listing,
      List<Listing.ListedImage> images,
      List<String> known,
      Configuration hadoop,
      SparkSession spark) {
    List<Listing.ListedImage> read = new ArrayList<>(images);
    read.addAll(rivals(listing, images));
    List<ImageFile> files = new ArrayList<>(read.size());
    read.forEach(i -> files.addAll(i.files()));
    List<Headers.Result> results =
        Headers.read(files, options.pattern() == null, options.in(hadoop), spark);
    CatalogBuilder builder = new CatalogBuilder(options, listing, known);
    List<List<Headers.Result>> ofImages = new ArrayList<>(read.size());
    int file = 0;
    for (Listing.ListedImage image : read) {
      List<Headers.Result> own = results.subList(file, file += image.files().size());
      builder.number(image, own);
      ofImages.add(own);
    }
    for (int i = 0; i < images.size(); i++) {
      builder.add(images.get(i), ofImages.get(i));
    }
    return builder.build();
  }

  /** Images not wanted, a series of which may have the id of one that is. */
  private static List<Listing.ListedImage> rivals(
      Listing listing, List<Listing.ListedImage> images) {
    if (images.size() == listing.images().size()) {
      return List.of();
    }
    Set<String> wanted = new HashSet<>(2 * images.size());
    images.forEach(i -> wanted.add(i.image()));
    Set<String> rivals = new HashSet<>();
    for (String id : wanted) {
      Matcher numbered = NUMBERED.matcher(id);
      if (numbered.matches() && !wanted.contains(numbered.group(1))) {
        rivals.add(numbered.group(1));
      }
    }
    return listing.images().stream().filter(i -> rivals.contains(i.image())).toList();
  }

  /** Of none of the images listed. */
  public static ImageCatalog none(Listing listing) {
    return new ImageCatalog(
        listing.groups(),
        List.of(),
        List.of(),
        List.of(),
        listing.failures(),
        listing.files(),
        listing.ignored());
  }

  /** The same with these images alone. */
  public ImageCatalog with(List<Field> some) {
    return new ImageCatalog(groups, channels, types, some, List.of(), files, ignored);
  }

  /** The same images without the failed ones. */
  public ImageCatalog readable() {
    return new ImageCatalog(groups, channels, types, fields, List.of(), files, ignored);
  }

  /** The same with images failed in which one of the regions does not lie. */
  public ImageCatalog requiring(List<org.cytolake.image.Region> regions) {
    if (regions.isEmpty()) {
      return this;
    }
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
}
