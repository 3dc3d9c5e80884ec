package org.cytolake.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.cytolake.run.Progress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows progress: a moving line on a terminal, a plain line every ten seconds and at the end of
 * each part elsewhere. The log has the end of each part too, and is enough where it is shown.
 */
final class ConsoleProgress implements Progress, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleProgress.class);
  private static final long PLAIN_NANOS = 10_000_000_000L;
  private static final long TERMINAL_NANOS = 100_000_000L;
  private static final int BAR = 24;

  /** Of fewer images the share is told in place of their number. */
  private static final int FEW = 10;

  private final PrintWriter out;
  private final boolean terminal;
  private final boolean silent;
  private String what;
  private long images;
  private long bytes;
  private double done;
  private long start;
  private long shown;

  private ConsoleProgress(PrintWriter out, boolean terminal, boolean silent) {
    this.out = out;
    this.terminal = terminal;
    this.silent = silent;
  }

  /**
   * Shows progress.
   *
   * @param mode {@code auto}, {@code plain} or {@code none}
   */
  static ConsoleProgress of(String mode, Console console) {
    boolean terminal = mode.equals("auto") && console.err().terminal();
    boolean silent = mode.equals("none") || console.voice() != Console.Voice.NORMAL;
    return new ConsoleProgress(console.err().writer(), terminal, silent);
  }

  @Override
  public synchronized void begin(String newWhat, long newImages, long newBytes) {
    what = newWhat;
    images = newImages;
    bytes = newBytes;
    done = 0;
    start = System.nanoTime();
    shown = start;
    if (terminal && !silent) {
      out.print("\r\u001b[K" + what + " ...");
      out.flush();
    }
  }

  @Override
  public synchronized void done(double newDone) {
    done = newDone;
    long now = System.nanoTime();
    if (silent || what == null || now - shown < (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
      return;
    }
    shown = now;
    if (terminal) {
      int filled = (int) Math.min(BAR, BAR * done / Math.max(1, images));
      out.print(
          "\r\u001b[K"
              + what
              + " ["
              + "#".repeat(filled)
              + ".".repeat(BAR - filled)
              + "] "
              + counts(now));
      out.flush();
    } else {
      out.println(what + ": " + counts(now));
    }
  }

  private String counts(long now) {
    return counts(images, bytes, done, (now - start) / 1e9);
  }

  /**
   * What is done and how long the rest will take.
   *
   * @param bytes of all images' files; 0 where nobody knows
   * @param done images; of bytes the same share is done
   */
  static String counts(long images, long bytes, double done, double seconds) {
    double rate = done / Math.max(1e-3, seconds);
    double share = done / Math.max(1, images);
    String text =
        images < FEW
            ? String.format(Locale.ROOT, "%.0f %%", 100 * share)
            : String.format(Locale.ROOT, "%d of %d images", (long) done, images);
    if (bytes > 0) {
      text += ", " + size(share * bytes) + " of " + size((double) bytes);
    }
    if (images >= FEW) {
      text += String.format(Locale.ROOT, ", %.1f/s", rate);
    }
    return rate > 0 && done < images
        ? text + ", " + duration((images - done) / rate) + " left"
        : text;
  }

  /** Bytes with three digits. */
  static String size(double bytes) {
    String[] units = {"bytes", "kB", "MB", "GB", "TB", "PB"};
    int unit = 0;
    double value = bytes;
    while (value >= 999.5 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    int decimals = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f %s", value, units[unit]);
  }

  static String duration(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    return whole < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole / 60 % 60);
  }

  @Override
  public synchronized void end() {
    if (what == null) {
      return;
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    String text =
        what
            + (images > 0 ? ": " + images + (images == 1 ? " image, " : " images, ") : ": ")
            + (bytes > 0 ? size((double) bytes) + ", " : "")
            + String.format(Locale.ROOT, "%.1f s", seconds);
    LOG.info(text);
    if (!silent) {
      out.println(terminal ? "\r\u001b[K" + text : text);
    }
    what = null;
  }

  @Override
  public synchronized void close() {
    if (terminal && !silent && what != null) {
      out.print("\r\u001b[K");
      out.flush();
    }
  }
}
