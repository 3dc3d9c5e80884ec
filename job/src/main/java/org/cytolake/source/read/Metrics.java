package org.cytolake.source.read;

import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** What a scan reports to the Spark UI. Spark makes the classes by name, so they are public. */
public final class Metrics {
  public static final String PLANES = "planesRead";
  public static final String BYTES = "bytesRead";
  public static final String PIXELS = "pixelsDecoded";
  public static final String SKIPPED = "imagesSkipped";

  private Metrics() {}

  public static CustomMetric[] all() {
    return new CustomMetric[] {
      new PlanesRead(), new BytesRead(), new PixelsDecoded(), new ImagesSkipped()
    };
  }

  public static CustomTaskMetric value(String name, long value) {
    return new CustomTaskMetric() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public long value() {
        return value;
      }
    };
  }

  /** Planes, or tiles of planes, of single channels. */
  public static final class PlanesRead extends CustomSumMetric {
    @Override
    public String name() {
      return PLANES;
    }

    @Override
    public String description() {
      return "planes read";
    }
  }

  /** Bytes of samples after decompression. */
  public static final class BytesRead extends CustomSumMetric {
    @Override
    public String name() {
      return BYTES;
    }

    @Override
    public String description() {
      return "bytes of samples read";
    }
  }

  /** Samples, that is pixels times channels. */
  public static final class PixelsDecoded extends CustomSumMetric {
    @Override
    public String name() {
      return PIXELS;
    }

    @Override
    public String description() {
      return "pixels decoded";
    }
  }

  /** Images none of whose files was opened, since no row of the other side of a join wants them. */
  public static final class ImagesSkipped extends CustomSumMetric {
    @Override
    public String name() {
      return SKIPPED;
    }

    @Override
    public String description() {
      return "images left out by joins";
    }
  }
}
