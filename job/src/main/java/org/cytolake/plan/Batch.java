package org.cytolake.plan;

import java.util.ArrayList;
import java.util.List;
import org.cytolake.field.Field;

/**
 * Images that are committed together, in shares that a task does at a time and that have a file
 * each in every table. All of it is planned from the listing, so that the files are the same
 * whatever cores there are.
 *
 * @param shares images in listing order
 */
public record Batch(List<List<Field>> shares) {
  /** Shares of a batch at least, where it has as many images: so many tasks have work. */
  private static final int LEAST_SHARES = 4;

  /** As many shares have a batch's pixels, until there are {@link #MANY_SHARES}. */
  private static final long FEW_PIXELS = 1L << 23;

  private static final int MANY_SHARES = 32;

  /** A number that no share of a batch has. */
  public static final int MOST_SHARES = 99_999;

  private static final int MOST_IMAGES = 64; // of a share
  private static final long MOST_PIXELS = 1L << 26;

  public Batch {
    shares = shares.stream().map(List::copyOf).toList();
  }

  /**
   * Divides images.
   *
   * @param fields in listing order
   * @param mostPixels of one channel that a batch holds, if it holds more than one image
   * @param mostImages that a batch holds
   */
  public static List<Batch> plan(List<Field> fields, long mostPixels, int mostImages) {
    List<Batch> batches = new ArrayList<>();
    List<Field> batch = new ArrayList<>();
    long pixels = 0;
    for (Field field : fields) {
      if (!batch.isEmpty() && (batch.size() == mostImages || pixels + pixels(field) > mostPixels)) {
        batches.add(new Batch(shares(batch, pixels)));
        batch = new ArrayList<>();
        pixels = 0;
      }
      batch.add(field);
      pixels += pixels(field);
    }
    if (!batch.isEmpty()) {
      batches.add(new Batch(shares(batch, pixels)));
    }
    return batches;
  }

  /** Pixels of one channel at all z and t. */
  public static long pixels(Field field) {
    return field.planePixels() * field.sizeZ() * field.sizeT();
  }

  private static List<List<Field>> shares(List<Field> fields, long pixels) {
    long wanted =
        Math.max(
            Math.min(
                fields.size(), Math.max(LEAST_SHARES, Math.min(MANY_SHARES, pixels / FEW_PIXELS))),
            Math.max(
                (fields.size() + MOST_IMAGES - 1L) / MOST_IMAGES,
                (pixels + MOST_PIXELS - 1) / MOST_PIXELS));
    List<List<Field>> shares = new ArrayList<>();
    List<Field> share = new ArrayList<>();
    long before = 0; // pixels of the images so far
    for (Field field : fields) {
      // an image goes to the share in which its middle lies
      long middle = before + pixels(field) / 2;
      if (!share.isEmpty() && middle * wanted / pixels > shares.size()) {
        shares.add(share);
        share = new ArrayList<>();
      }
      share.add(field);
      before += pixels(field);
    }
    shares.add(share);
    return shares;
  }

  /** Number of images. */
  public int images() {
    return shares.stream().mapToInt(List::size).sum();
  }

  /** All images, in order. */
  public List<Field> fields() {
    return shares.stream().flatMap(List::stream).toList();
  }
}
