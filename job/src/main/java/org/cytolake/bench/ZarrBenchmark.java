package org.cytolake.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.bioformats.PlaneReader;
import org.cytolake.bioformats.Samples;
import org.cytolake.catalog.ImageCatalog;
import org.cytolake.catalog.Listing;
import org.cytolake.catalog.SourceOptions;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.field.Field;
import org.cytolake.field.SampleType;

/** Reading an image of OME-Zarr of several kinds, beside zarr-python and tensorstore. */
public final class ZarrBenchmark {
  private static final String SUM = "sum";
  private static final int STRIP = 512; // rows that are read at once

  private ZarrBenchmark() {}

  /**
   * A table for people: seconds of each kind of array and number of threads.
   *
   * @param python that has deploy/bench/requirements-zarr.txt
   * @param script zarr_peers.py
   * @param rounds of which the median counts
   */
  public static String table(String python, String script, int rounds) throws IOException {
    Path folder = Files.createTempDirectory("zarr");
    try {
      Map<String, Double> theirs =
          Peers.seconds(List.of(python, script, Integer.toString(rounds), folder.toString()));
      StringBuilder text =
          new StringBuilder("reading 4096 x 4096 pixels of 16 bits, seconds (kind, threads)\n");
      for (String step : theirs.keySet()) {
        if (!step.endsWith(", zarr-python")) {
          continue;
        }
        String[] words = step.split(", ", -1);
        String tensorstore = words[0] + ", " + words[1] + ", tensorstore";
        Path image = folder.resolve(words[0].replace(' ', '-') + ".zarr");
        double ours =
            seconds(image, Integer.parseInt(words[1]), rounds, theirs.get(SUM).longValue());
        text.append(
            String.format(
                Locale.ROOT,
                "  %-24s Cytolake %.4f   zarr-python %.4f   tensorstore %.4f%n",
                words[0] + ", " + words[1],
                ours,
                theirs.get(step),
                theirs.get(tensorstore)));
      }
      return text.toString();
    } finally {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static double seconds(Path image, int threads, int rounds, long sum) throws IOException {
    SourceOptions options = SourceOptions.of(Map.of("path", image.toString()));
    Configuration hadoop = new Configuration();
    Listing listing = Listing.of(options, hadoop);
    Field field =
        ImageCatalog.load(options, listing, listing.images(), hadoop, null).fields().get(0);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Samples> rooms =
          Stream.generate(() -> new Samples(SampleType.INT)).limit(threads).toList();
      double[] seconds = new double[rounds];
      for (int round = -3; round < rounds; round++) { // the compiler warms up
        boolean summed = round < 0;
        long start = System.nanoTime();
        long read = read(field, rooms, pool, summed, hadoop);
        if (summed && read != sum) {
          throw new CytolakeException(
              Code.FAILED, "The samples of " + image + " differ.", "Report it.");
        }
        if (!summed) {
          seconds[round] = (System.nanoTime() - start) / 1e9;
        }
      }
      Arrays.sort(seconds);
      return seconds[rounds / 2];
    } finally {
      pool.shutdown();
    }
  }

  /**
   * All of the image, a part of its strips a thread, each into the same room, as the source reads.
   *
   * @return the sum of the samples where it is wanted, else 0
   */
  private static long read(
      Field field, List<Samples> rooms, ExecutorService pool, boolean summed, Configuration hadoop)
      throws IOException {
    List<Callable<Long>> parts = new ArrayList<>();
    for (int thread = 0; thread < rooms.size(); thread++) {
      int first = thread * STRIP;
      Samples room = rooms.get(thread);
      parts.add(
          () -> {
            long sum = 0;
            try (PlaneReader reader = new PlaneReader(hadoop)) {
              for (int y = first; y < field.sizeY(); y += rooms.size() * STRIP) {
                int rows = Math.min(STRIP, field.sizeY() - y);
                reader.read(field, 0, 0, 0, 0, y, field.sizeX(), rows, room);
                sum += summed ? sum(room) : 0;
              }
            }
            return sum;
          });
    }
    long all = 0;
    try {
      for (Future<Long> part : pool.invokeAll(parts)) {
        all += part.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CytolakeException(Code.FAILED, "Interrupted.", "Run it again.", e);
    }
    return all;
  }

  private static long sum(Samples samples) {
    long sum = 0;
    int[] values = samples.ints();
    for (int i = 0; i < samples.size(); i++) {
      sum += values[i];
    }
    return sum;
  }
}
