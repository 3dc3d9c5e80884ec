package org.cytolake.source;

import org.apache.spark.sql.connector.metric.CustomMetric;
import org.apache.spark.sql.connector.metric.CustomSumMetric;
import org.apache.spark.sql.connector.metric.CustomTaskMetric;

/** What a scan reports to the Spark UI. Spark makes the classes by name, so they are public. */
public final class Metrics {
  static final String PLANES = "planesRead";
  static final String BYTES = "bytesRead";
  static final String PIXELS = "pixelsDecoded";

  private Metrics() {}

  static CustomMetric[] all() {
    return new CustomMetric[] {new PlanesRead(), new BytesRead(), new PixelsDecoded()};
  }

  static CustomTaskMetric value(String name, long value) {
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
}
