package org.cytolake.catalog;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.cytolake.bioformats.zarr.ZarrNode;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.ImageFile;

/**
 * Which images of an input that grows have arrived: all their channels are there, no file is empty,
 * and none has changed for a while. When a file changed last its time of modification says, or, if
 * that lies in the future or it was seen to change, this computer's clock. Of an image of OME-Zarr
 * all files in its folder count.
 */
public final class Arrivals {
  private final SourceOptions options;
  private final Configuration hadoop;
  private final Clock clock;
  private Map<String, Seen> seen = new HashMap<>(); // files of images that were not known

  /** A file as it was seen, and since when it is so, milliseconds since 1970. */
  private record Seen(ImageFile file, long since) {}

  /**
   * What lies in the input at a time.
   *
   * @param listing all of it
   * @param arrived images that have, but for those that were known; in the order in which they did
   * @param waiting how many others have not, or are no image by their names
   */
  public record Found(Listing listing, List<Listing.ListedImage> arrived, int waiting) {
    public Found {
      arrived = List.copyOf(arrived);
    }
  }

  public Arrivals(SourceOptions options, Configuration hadoop) {
    this(options, hadoop, Clock.systemUTC());
  }

  Arrivals(SourceOptions options, Configuration hadoop, Clock clock) {
    this.options = options;
    this.hadoop = hadoop;
    this.clock = clock;
  }

  /**
   * Lists the input; empty where it has no image yet.
   *
   * @param known images that are not asked about
   * @throws CytolakeException where the input does not exist, or cannot be listed, or where nothing
   *     says which channels an image has
   */
  public Optional<Found> look(Predicate<Listing.ListedImage> known) {
    long now = clock.millis();
    Optional<Listing> there = Listing.soFar(options, hadoop);
    if (there.isEmpty()) {
      return Optional.empty();
    }
    Listing listing = there.get();
    Map<String, Seen> still = new HashMap<>();
    Map<Listing.ListedImage, Long> since = new HashMap<>();
    List<Listing.ListedImage> arrived = new ArrayList<>();
    int waiting = listing.failures().size();
    for (Listing.ListedImage image : listing.images()) {
      if (known.test(image)) {
        continue;
      }
      long latest = unchangedSince(image, now, still);
      if (latest <= now - 1000L * options.arrival().restSeconds()) {
        since.put(image, latest);
        arrived.add(image);
      } else {
        waiting++;
      }
    }
    seen = still;
    arrived.sort(
        Comparator.comparing((Listing.ListedImage image) -> since.get(image))
            .thenComparing(Listing.ListedImage::image)); // no two have one
    return Optional.of(new Found(listing, arrived, waiting));
  }

  /** Since when all of an image is as it is; the end of time where some of it is not there. */
  private long unchangedSince(Listing.ListedImage image, long now, Map<String, Seen> still) {
    long latest = Long.MIN_VALUE;
    for (ImageFile file : image.files()) {
      if (file.length() == 0) {
        return Long.MAX_VALUE;
      }
      latest = Math.max(latest, seen(file.path(), file, now, still));
    }
    ImageFile first = image.files().get(0);
    boolean rested = latest <= now - 1000L * options.arrival().restSeconds();
    return rested && ZarrNode.isMetadata(first.name())
        ? Math.max(latest, seen(first.path() + "/..", chunks(first), now, still))
        : latest;
  }

  private long seen(String name, ImageFile file, long now, Map<String, Seen> still) {
    Seen last = seen.get(name);
    long since =
        last == null
            ? Math.min(file.modified(), now)
            : last.file().equals(file) ? last.since() : now;
    still.put(name, new Seen(file, since));
    return since;
  }

  /** All files below the folder of a metadata file as if they were one. */
  private ImageFile chunks(ImageFile metadata) {
    Path folder = new Path(metadata.path()).getParent();
    long length = 0;
    long modified = 0;
    try {
      FileSystem fs = folder.getFileSystem(hadoop);
      RemoteIterator<LocatedFileStatus> files = fs.listFiles(folder, true);
      while (files.hasNext()) {
        LocatedFileStatus file = files.next();
        length += file.getLen();
        modified = Math.max(modified, file.getModificationTime());
      }
      return new ImageFile(folder.toString(), length, modified);
    } catch (FileNotFoundException e) {
      return new ImageFile(folder.toString(), length, Long.MAX_VALUE); // it is being replaced
    } catch (IOException e) {
      throw new CytolakeException(
          Code.FAILED,
          "Cannot list the folder " + folder + ": " + e.getMessage(),
          "Check the path, the permissions and, for a remote store, its configuration.",
          e);
    }
  }
}
