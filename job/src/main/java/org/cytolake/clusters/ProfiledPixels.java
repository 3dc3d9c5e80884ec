package org.cytolake.clusters;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataTypes;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.image.LimitException;
import org.cytolake.image.Plane;
import org.cytolake.stardist.Window;
import org.cytolake.statistics.PlaneCounting;

/**
 * A plane whose clustering channels are what {@code clustering.profile} makes of them; the others
 * stay.
 */
public final class ProfiledPixels implements PlanePixels {
  /** Samples that are held at once, at most. */
  private static final long MOST_SAMPLES = 1L << 29;

  private final PlanePixels raw;
  private final PlanePixels profiled; // the clustering channels, in their order
  private final float[][] samples;
  private final ClusteredBy by;

  private ProfiledPixels(PlanePixels raw, float[][] samples, ClusteredBy by) {
    this.raw = raw;
    this.by = by;
    this.samples = samples;
    List<Plane> planes = new ArrayList<>();
    for (float[] of : samples) {
      planes.add(i -> of[i]);
    }
    profiled = PlanePixels.of(planes, raw.height(), raw.width());
  }

  /**
   * Of a plane.
   *
   * @throws LimitException where its clustering channels do not fit the memory together
   */
  public static ProfiledPixels of(PlanePixels raw, ClusteredBy by) throws ImageReadException {
    long size = (long) raw.height() * raw.width();
    if (size * by.places().size() > MOST_SAMPLES || size > 1 << 30) {
      throw new LimitException(
          "clustering.profile takes up to "
              + MOST_SAMPLES
              + " samples of a plane, not "
              + size * by.places().size(),
          "Cluster the plane by fewer channels, or without clustering.profile.");
    }
    float[][] samples = new float[by.places().size()][(int) size];
    for (Window band : PlaneCounting.bands(raw.whole())) {
      for (int c = 0; c < samples.length; c++) {
        raw.read(by.places().get(c), band)
            .floats(0, (int) band.pixels(), samples[c], band.top() * raw.width());
      }
    }
    by.profile().apply(samples, raw.width());
    return new ProfiledPixels(raw, samples, by);
  }

  /** How its pixels are clustered; empty where a channel has no finite pixel. */
  public Optional<PixelValue> value() {
    List<PixelValue.Channel> channels = new ArrayList<>();
    for (float[] channel : samples) {
      double min = Double.POSITIVE_INFINITY;
      double max = Double.NEGATIVE_INFINITY;
      for (float sample : channel) {
        if (Float.isFinite(sample)) {
          min = Math.min(min, sample);
          max = Math.max(max, sample);
        }
      }
      if (min > max) {
        return Optional.empty();
      }
      channels.add(
          PixelValue.Channel.of(
              DataTypes.FloatType,
              min,
              max,
              0,
              0,
              Optional.empty(),
              by.values() == ClusteredBy.Values.LOG));
    }
    return Optional.of(new PixelValue(by, channels));
  }

  @Override
  public int height() {
    return raw.height();
  }

  @Override
  public int width() {
    return raw.width();
  }

  @Override
  public Plane read(int channel, Window window) throws ImageReadException {
    int place = by.places().indexOf(channel);
    return place < 0 ? raw.read(channel, window) : profiled.read(place, window);
  }
}
