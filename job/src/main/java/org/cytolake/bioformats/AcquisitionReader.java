package org.cytolake.bioformats;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import loci.formats.FormatException;
import loci.formats.in.MetadataLevel;
import loci.formats.meta.IMetadata;
import ome.units.UNITS;
import ome.units.quantity.Length;
import ome.units.quantity.Time;
import ome.units.unit.Unit;
import ome.xml.model.primitives.NonNegativeInteger;
import ome.xml.model.primitives.Timestamp;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.field.Acquisition;
import org.cytolake.field.Field;

/**
 * Reads what files say of how planes were taken. Headers do not keep it: it differs from file to
 * file, and few queries ask. It holds the metadata of the files of one image.
 */
public final class AcquisitionReader implements Closeable {
  private final Configuration hadoop;
  private final ReadingThread thread;
  private final Map<String, IMetadata> metadata = new HashMap<>(); // by path
  private Field field;

  /**
   * @param hadoop the configuration of the files' file systems, with the {@link ReadingTime}
   */
  public AcquisitionReader(Configuration hadoop) {
    this.hadoop = hadoop;
    this.thread = new ReadingThread(hadoop);
  }

  /**
   * How a plane of a channel was taken; of a maximum projection its first plane.
   *
   * @param z index of the z plane in the file
   */
  public Acquisition read(Field of, int channel, int z, int t) throws ImageReadException {
    Field.Channel source = of.channels().get(channel);
    if (!of.equals(field)) {
      metadata.clear();
      field = of;
    }
    String path = source.file().path();
    try {
      IMetadata said = metadata.get(path);
      if (said == null) {
        said = thread.call(path, "header", 1, () -> metadata(source));
        metadata.put(path, said);
      }
      return acquisition(said, of.series(), source, source.maxOverZ() > 0 ? 0 : z, t);
    } catch (ImageReadException e) {
      throw e;
    } catch (IOException | FormatException | RuntimeException e) {
      throw ImageReadException.of(
          path,
          "header",
          "UNREADABLE_HEADER",
          "Cannot read how the image of "
              + path
              + " was taken: "
              + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
              + ".",
          "Ask for no metadata columns of this image, or keep the file out of the input.",
          e);
    }
  }

  private IMetadata metadata(Field.Channel source) throws IOException, FormatException {
    IMetadata into = new DeclaredSize.Metadata();
    BioFormats.open(source.file(), source.readerClass(), MetadataLevel.NO_OVERLAYS, into, hadoop)
        .close();
    return into;
  }

  private static Acquisition acquisition(
      IMetadata said, int series, Field.Channel source, int z, int t) {
    if (series >= said.getImageCount()) {
      return Acquisition.UNKNOWN;
    }
    int channel = source.index() < said.getChannelCount(series) ? source.index() : 0;
    boolean has = channel < said.getChannelCount(series);
    OptionalInt plane = plane(said, series, channel, z, t);
    int p = plane.orElse(-1);
    boolean planed = plane.isPresent();
    return new Acquisition(
        length(planed ? said.getPlanePositionX(series, p) : null, UNITS.MICROMETER),
        length(planed ? said.getPlanePositionY(series, p) : null, UNITS.MICROMETER),
        length(planed ? said.getPlanePositionZ(series, p) : null, UNITS.MICROMETER),
        acquired(
            said.getImageAcquisitionDate(series), planed ? said.getPlaneDeltaT(series, p) : null),
        time(planed ? said.getPlaneExposureTime(series, p) : null),
        length(has ? said.getChannelExcitationWavelength(series, channel) : null, UNITS.NANOMETER),
        length(has ? said.getChannelEmissionWavelength(series, channel) : null, UNITS.NANOMETER));
  }

  private static OptionalInt plane(IMetadata said, int series, int channel, int z, int t) {
    for (int p = 0; p < said.getPlaneCount(series); p++) {
      if (is(said.getPlaneTheC(series, p), channel)
          && is(said.getPlaneTheZ(series, p), z)
          && is(said.getPlaneTheT(series, p), t)) {
        return OptionalInt.of(p);
      }
    }
    return OptionalInt.empty();
  }

  private static boolean is(NonNegativeInteger number, int wanted) {
    return number != null && number.getValue() == wanted;
  }

  /** Empty also for positions in a frame of reference that has no unit. */
  private static OptionalDouble length(Length length, Unit<Length> unit) {
    Number value = length == null ? null : length.value(unit);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value.doubleValue());
  }

  private static OptionalDouble time(Time time) {
    Number value = time == null ? null : time.value(UNITS.MILLISECOND);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value.doubleValue());
  }

  /** OME says times without a zone; they are taken as universal time. */
  private static Optional<Instant> acquired(Timestamp image, Time after) {
    if (image == null) {
      return Optional.empty();
    }
    Instant start = LocalDateTime.parse(image.toString()).toInstant(ZoneOffset.UTC);
    OptionalDouble ms = time(after);
    return Optional.of(
        ms.isPresent() ? start.plusNanos(Math.round(1e6 * ms.getAsDouble())) : start);
  }

  @Override
  public void close() throws IOException {
    thread.close(() -> null);
  }
}
