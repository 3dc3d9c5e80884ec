package org.cytolake.config;

import java.util.List;
import org.cytolake.config.CytolakeException.Code;

/**
 * Section {@code run}.
 *
 * @param keepMissing whether images stay in the tables when their files have gone from the input
 * @param batchPixels most pixels of one channel that are committed together, unless one image has
 *     more
 * @param batchImages most images that are committed together
 * @param follow whether the run goes on with images that come meanwhile
 * @param followIdleSeconds after which it waits for no more; 0: never
 */
public record RunSettings(
    boolean force,
    boolean keepMissing,
    String progress,
    long batchPixels,
    int batchImages,
    boolean follow,
    int followIdleSeconds) {
  public RunSettings {
    if (force && follow) {
      throw new CytolakeException(
          Code.USAGE,
          "run.force and run.follow are both true: all images would be done again whenever one"
              + " comes.",
          "Run once with --force, and then with --follow.");
    }
  }

  static RunSettings of(Values v) {
    return new RunSettings(
        v.bool("run.force"),
        v.bool("run.keep-missing"),
        v.oneOf("run.progress", List.of("auto", "plain", "none")),
        v.integer("run.batch-pixels", 1, Long.MAX_VALUE),
        (int) v.integer("run.batch-images", 1, Integer.MAX_VALUE),
        v.bool("run.follow"),
        (int) v.integer("run.follow-idle-seconds", 0, Integer.MAX_VALUE));
  }
}
