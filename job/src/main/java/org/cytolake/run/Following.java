package org.cytolake.run;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.cytolake.catalog.Arrivals;
import org.cytolake.catalog.Listing;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.ImageFile;

/**
 * Runs over an input that grows: a run whenever images have arrived, over all that have so far, of
 * which it does the new ones. When nothing has changed for so long, a last run takes what is there,
 * as a run by itself would.
 */
final class Following {
  private static final long MOST_PAUSE = 30_000; // milliseconds between looks, and the least
  private static final long LEAST_PAUSE = 200;
  private static final long STEP = 100; // after which it is seen that Spark has stopped

  private final Arrivals arrivals;
  private final long restMillis;
  private final long idleMillis;
  private final Progress progress;
  private final BooleanSupplier isStopped;
  private final Map<String, List<ImageFile>> done = new HashMap<>(); // by their first file

  /**
   * Of an input.
   *
   * @param restSeconds that images rest before they count as arrived
   * @param idleSeconds after which nothing more is waited for, if that is longer; 0: never
   * @param isStopped whether Spark has ended, so that waiting is in vain
   */
  Following(
      Arrivals arrivals,
      int restSeconds,
      int idleSeconds,
      Progress progress,
      BooleanSupplier isStopped) {
    this.arrivals = arrivals;
    this.restMillis = 1000L * restSeconds;
    this.idleMillis =
        idleSeconds == 0 ? Long.MAX_VALUE : 1000L * Math.max(idleSeconds, restSeconds);
    this.progress = progress;
    this.isStopped = isStopped;
  }

  /**
   * Follows.
   *
   * @param some a run over the images that a listing has, without a word on others
   * @param each is told of these runs
   * @param all the last run
   */
  RunSummary run(
      Function<Listing, RunSummary> some, Consumer<RunSummary> each, Supplier<RunSummary> all) {
    Optional<Listing> before = Optional.empty();
    long changed = System.nanoTime();
    boolean waiting = false;
    while (true) {
      long start = System.nanoTime();
      Optional<Arrivals.Found> found = arrivals.look(this::isDone);
      Optional<Listing> listing = found.map(Arrivals.Found::listing);
      boolean news = found.filter(f -> !f.arrived().isEmpty()).isPresent();
      boolean idle = (start - changed) / 1_000_000 >= idleMillis;
      if (!listing.equals(before)) {
        before = listing;
        changed = start;
        idle = false;
      }
      if (waiting && (news || idle)) {
        progress.end();
        waiting = false;
      }
      if (idle) {
        return all.get();
      }
      if (news) {
        each.accept(some.apply(arrived(found.get())));
        found.get().arrived().forEach(image -> done.put(path(image), image.files()));
      } else {
        if (!waiting) {
          progress.begin("waiting for images", 0, 0);
          waiting = true;
        }
        long looked = (System.nanoTime() - start) / 1_000_000;
        sleep(Math.max(4 * looked, Math.max(LEAST_PAUSE, Math.min(MOST_PAUSE, restMillis / 4))));
      }
    }
  }

  /** All that has arrived so far. */
  private Listing arrived(Arrivals.Found found) {
    Set<String> now = new HashSet<>();
    found.arrived().forEach(image -> now.add(image.image()));
    return found
        .listing()
        .with(
            found.listing().images().stream()
                .filter(image -> now.contains(image.image()) || isDone(image))
                .toList());
  }

  private boolean isDone(Listing.ListedImage image) {
    return image.files().equals(done.get(path(image)));
  }

  private static String path(Listing.ListedImage image) {
    return image.files().get(0).path();
  }

  private void sleep(long millis) {
    long end = System.nanoTime() + 1_000_000 * millis;
    while (System.nanoTime() < end) {
      if (isStopped.getAsBoolean()) {
        throw new CytolakeException(
            Code.FAILED, "Spark was stopped while images were waited for.", "Start it again.");
      }
      try {
        Thread.sleep(STEP);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CytolakeException(
            Code.FAILED, "Waiting for images was interrupted.", "Start it again.", e);
      }
    }
  }
}
