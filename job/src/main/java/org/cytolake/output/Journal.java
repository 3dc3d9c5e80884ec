package org.cytolake.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Optional;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a commit does, step by step. From the moment that {@code _staging/<run>/journal.json} exists
 * the run is committed: whoever finds the journal carries out its steps, as often as it takes,
 * since a step that was done before does nothing. The last step moves the run's manifest to {@code
 * _runs/}; a manifest there says that all steps are done.
 *
 * @param run the run's id
 * @param steps in order
 */
record Journal(String run, List<Step> steps) {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  /** The folder of the manifests. */
  static final String RUNS = "_runs";

  /**
   * Moves or deletes one file.
   *
   * @param from the file
   * @param to its name from now on; null deletes it
   */
  record Step(String from, String to) {
    Step {
      requireInside(from);
      if (to != null) {
        requireInside(to);
      }
    }

    private static void requireInside(String name) {
      if (name == null || name.startsWith("/") || name.contains("..") || name.contains(":")) {
        throw new IllegalArgumentException("a journal names files of its output, not " + name);
      }
    }
  }

  Journal {
    steps = List.copyOf(steps);
  }

  static String folder(String run) {
    return OutputFolder.STAGING + "/" + run;
  }

  static String manifest(String run) {
    return RUNS + "/" + run + ".json";
  }

  private static String file(String run) {
    return folder(run) + "/journal.json";
  }

  /** Commits: after this the steps will be carried out, by this process or a later one. */
  void write(OutputFolder output) {
    String unfinished = folder(run) + "/journal.tmp";
    output.write(unfinished, Json.write(this));
    output.rename(unfinished, file(run));
  }

  /** Whether the run was committed, though perhaps not carried out. */
  static boolean exists(OutputFolder output, String run) {
    return output.exists(file(run));
  }

  /** The journals of committed runs that were not carried out yet, the earliest first. */
  static List<Journal> pending(OutputFolder output) {
    return runs(output).stream().flatMap(run -> read(output, run).stream()).toList();
  }

  private static List<String> runs(OutputFolder output) {
    return output.list(OutputFolder.STAGING).stream()
        .filter(name -> !name.startsWith("_"))
        .toList();
  }

  private static Optional<Journal> read(OutputFolder output, String run) {
    Optional<String> text = output.read(file(run));
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(text.get(), Journal.class));
    } catch (JsonProcessingException e) {
      throw new CytolakeException(
          Code.FAILED,
          "The journal " + output.path(file(run)) + " is damaged: " + e.getOriginalMessage() + ".",
          "Restore it, or choose another --output.",
          e);
    }
  }

  /** Finishes the runs that were committed and removes what the others left. */
  static void recover(OutputFolder output) {
    for (String run : runs(output)) {
      Optional<Journal> journal = read(output, run);
      if (journal.isPresent()) {
        LOG.warn("Run {} of {} was stopped during its commit: finishing it", run, output);
        journal.get().carryOut(output);
      } else {
        LOG.warn("Run {} of {} was stopped before its commit: removing it", run, output);
      }
      output.delete(folder(run));
    }
  }

  /** Does what is left to do. */
  void carryOut(OutputFolder output) {
    if (output.exists(manifest(run))) {
      return;
    }
    for (Step step : steps) {
      if (step.to == null) {
        output.delete(step.from);
      } else {
        move(output, step);
      }
    }
  }

  private static void move(OutputFolder output, Step step) {
    Optional<Long> from = output.length(step.from);
    Optional<Long> to = output.length(step.to);
    if (from.isEmpty() && to.isEmpty()) {
      throw new CytolakeException(
          Code.FAILED,
          "Neither " + output.path(step.from) + " nor " + output.path(step.to) + " exists.",
          "Something else has removed it: analyse into another --output.");
    }
    if (from.isEmpty()) {
      return;
    }
    if (to.isPresent()) {
      // only where a rename is a copy and a removal, and was stopped between them
      output.delete(step.to);
    } else if (step.to.contains("/")) {
      output.createFolder(step.to.substring(0, step.to.lastIndexOf('/')));
    }
    output.rename(step.from, step.to);
  }
}
