package org.cytolake.source;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.streaming.MicroBatchStream;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.apache.spark.sql.connector.read.streaming.ReadLimit;
import org.apache.spark.sql.connector.read.streaming.ReadMaxFiles;
import org.apache.spark.sql.connector.read.streaming.ReportsSourceMetrics;
import org.apache.spark.sql.connector.read.streaming.SupportsTriggerAvailableNow;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import org.cytolake.bioformats.BioFormats;
import org.cytolake.catalog.Arrivals;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.Listing;
import org.cytolake.catalog.Listing.ListedImage;
import org.cytolake.catalog.RowSize;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.field.SampleType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images as they come: every trigger lists the input, and gives out those that have arrived and
 * were not given out before. Which those are is written to the checkpoint before anything is read,
 * so that a batch that is done again has the same images, and none is in two batches.
 */
final class ImageStream
    implements MicroBatchStream, SupportsTriggerAvailableNow, ReportsSourceMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(ImageStream.class);

  private final SparkSession spark;
  private final SourceOptions options;
  private final TableImages images;
  private final PartitionReaderFactory readers;
  private final Configuration hadoop;
  private final ImageLog log;
  private final Arrivals arrivals;
  private final Set<String> told = new HashSet<>(); // problems
  private Optional<List<ListedImage>> last = Optional.empty(); // images there are to be, if so
  private int waiting;
  private ImageLog.FileIs fileIs = ImageLog.FileIs.IMAGE; // as it was last listed

  /**
   * A stream.
   *
   * @param images columns that they are to have
   * @param checkpoint folder that is the stream's own
   */
  ImageStream(
      SparkSession spark,
      SourceOptions options,
      TableImages images,
      PartitionReaderFactory readers,
      String checkpoint) {
    this.spark = spark;
    this.options = options;
    this.images = images;
    this.readers = readers;
    this.hadoop = spark.sessionState().newHadoopConf();
    this.log = new ImageLog(checkpoint, hadoop);
    this.arrivals = new Arrivals(options, hadoop);
  }

  // ---- which images -----------------------------------------------------------------------------

  @Override
  public Offset initialOffset() {
    return new ImageOffset(0);
  }

  @Override
  public Offset deserializeOffset(String json) {
    return ImageOffset.of(json);
  }

  @Override
  public Offset latestOffset() {
    return latestOffset(initialOffset(), getDefaultReadLimit());
  }

  @Override
  public ReadLimit getDefaultReadLimit() {
    int most = options.arrival().imagesPerTrigger();
    return most == 0 ? ReadLimit.allAvailable() : ReadLimit.maxFiles(most);
  }

  /** From now on no images are given out but those that have arrived by now. */
  @Override
  public void prepareForTriggerAvailableNow() {
    last = Optional.of(arrived());
  }

  @Override
  public Offset latestOffset(Offset start, ReadLimit limit) {
    int before = start == null ? 0 : ((ImageOffset) start).batches();
    if (before < log.size()) { // given out, but the query was stopped before it heard of it
      return new ImageOffset(before + 1);
    }
    List<ListedImage> there = last.orElseGet(this::arrived);
    int most = limit instanceof ReadMaxFiles files ? files.maxFiles() : Integer.MAX_VALUE;
    List<ListedImage> batch = List.copyOf(there.subList(0, Math.min(most, there.size())));
    if (batch.isEmpty()) {
      return new ImageOffset(before);
    }
    log.add(batch, fileIs);
    if (last.isPresent()) {
      last = Optional.of(there.subList(batch.size(), there.size()));
    } else {
      waiting += there.size() - batch.size();
    }
    return new ImageOffset(log.size());
  }

  /** Images that have arrived and were not given out. */
  private List<ListedImage> arrived() {
    Optional<Arrivals.Found> look = arrivals.look(log::has);
    waiting = look.map(Arrivals.Found::waiting).orElse(0);
    if (look.isEmpty()) {
      return List.of();
    }
    Listing listing = look.get().listing();
    fileIs = listing.channelKeys().isEmpty() ? ImageLog.FileIs.IMAGE : ImageLog.FileIs.CHANNEL;
    if (!listing.groups().equals(images.groups()) || log.fileIs().orElse(fileIs) != fileIs) {
      throw new CytolakeException(
          Code.USAGE,
          "By their names the files are now other images than those with which the stream began:"
              + " their groups are "
              + listing.groups()
              + ", the stream's "
              + images.groups()
              + ".",
          "Say with pattern, or the name of one layout, what names look like.");
    }
    listing.failures().stream()
        .filter(f -> !f.code().equals(Listing.CHANNEL_MISSING))
        .forEach(f -> tell(f.message() + " " + f.remedy()));
    List<ListedImage> arrived = new ArrayList<>();
    for (ListedImage image : look.get().arrived()) {
      if (log.hasId(image.image())) {
        waiting++;
        tell(
            "The file "
                + image.files().get(0).path()
                + " would be image "
                + image.image()
                + ", which the stream has given out already. Rename it.");
      } else {
        arrived.add(image);
      }
    }
    return arrived;
  }

  private void tell(String problem) {
    if (told.add(problem)) {
      LOG.warn("Not given out: {}", problem);
    }
  }

  @Override
  public Map<String, String> metrics(Optional<Offset> latest) {
    return Map.of(
        "imagesGivenOut", String.valueOf(log.images()), "imagesWaiting", String.valueOf(waiting));
  }

  // ---- reading them -----------------------------------------------------------------------------

  @Override
  public InputPartition[] planInputPartitions(Offset start, Offset end) {
    int to = ((ImageOffset) end).batches();
    List<ListedImage> batch = log.between(((ImageOffset) start).batches(), to);
    if (batch.isEmpty()) {
      return new InputPartition[0];
    }
    ImageCatalog catalog = headers(batch, to);
    TableImages.requireReadable(options, catalog);
    MicroscopyTable table = new MicroscopyTable(spark, options, catalog);
    return table
        .newScanBuilder(CaseInsensitiveStringMap.empty())
        .build()
        .toBatch()
        .planInputPartitions();
  }

  /** Images of the columns of the stream; those that do not fit them are failures. */
  private ImageCatalog headers(List<ListedImage> batch, int to) {
    List<String> keys =
        log.fileIs().filter(ImageLog.FileIs.CHANNEL::equals).isPresent()
            ? List.copyOf(options.channels().keySet())
            : List.of();
    Listing given =
        new Listing(images.groups(), keys, log.between(0, to), List.of(), batch.size(), 0);
    ImageCatalog found = ImageCatalog.load(options, given, batch, images.channels(), hadoop, spark);
    if (!found.channels().equals(images.channels())) {
      throw new CytolakeException(
          Code.USAGE,
          "The channels are "
              + found.channels()
              + ", those of the stream "
              + images.channels()
              + ".",
          "Give the stream the same channels and schema.");
    }
    List<Field> fields = new ArrayList<>();
    List<Failure> failures = new ArrayList<>(found.failures());
    for (Field field : found.fields()) {
      if (fits(field)) {
        fields.add(field);
      } else {
        failures.add(wider(field));
      }
    }
    return new ImageCatalog(
        images.groups(),
        images.channels(),
        images.types().stream().map(SampleType::sparkType).toList(),
        fields,
        failures,
        found.files(),
        found.ignored());
  }

  private boolean fits(Field field) {
    for (int c = 0; options.rows() == RowSize.PIXELS && c < field.channels().size(); c++) {
      SampleType column = images.types().get(c);
      if (column.widen(BioFormats.sampleType(field.channels().get(c).pixelType())) != column) {
        return false;
      }
    }
    return true;
  }

  private Failure wider(Field field) {
    return new Failure(
        field.image(),
        field.groups(),
        field.files().get(0).path(),
        "header",
        "WIDER_TYPE",
        "The image "
            + field.image()
            + " has samples of type "
            + field.pixelType()
            + ", which the columns of the stream, "
            + images.schema().simpleString()
            + ", do not hold.",
        "Begin the stream with a schema whose channels are wide enough for all images.");
  }

  @Override
  public PartitionReaderFactory createReaderFactory() {
    return readers;
  }

  @Override
  public void commit(Offset end) {
    // what was given out stays known
  }

  @Override
  public void stop() {
    // nothing is held between batches
  }

  @Override
  public String toString() {
    return "microscopy " + String.join(",", options.paths());
  }
}
