package org.cytolake.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.output.Json;
import org.cytolake.output.OutputFolder;
import org.cytolake.output.Together;
import org.cytolake.tables.Table;
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

  /** How the names of folders begin that only are to be deleted. */
  private static final String GIVEN_UP = "_given-up-";

  private static final long KEPT_MILLIS = Duration.ofDays(1).toMillis();

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

    /**
     * Replaces or removes what lies beside the tables.
     *
     * @param name relative to the output
     * @param scratch folder with what is staged, relative to the output, with a slash at its end
     * @param staged path of a file or folder in it; null removes
     * @throws IllegalArgumentException as {@link Run#replaceFile}
     */
    static Step ofFile(OutputFolder output, String scratch, String name, String staged) {
      String top = name.contains("/") ? name.substring(0, name.indexOf('/')) : name;
      boolean reserved =
          top.startsWith("_")
              || Arrays.stream(Table.values()).anyMatch(table -> table.folder().equals(top));
      if (reserved) {
        throw new IllegalArgumentException("no file of its own can be " + name);
      }
      if (staged == null) {
        return new Step(name, null);
      }
      String root = output.path(scratch).toUri().getPath() + "/";
      String path = new Path(staged).toUri().getPath();
      if (!path.startsWith(root)) {
        throw new IllegalArgumentException(staged + " is not in the scratch folder " + root);
      }
      return new Step(scratch + path.substring(root.length()), name);
    }

    /**
     * Where moving a folder is no single step: those of its files. What is in the place already and
     * does not come again goes.
     */
    List<Step> singly(OutputFolder output) {
      List<String> inside =
          output.isObjectStore() && to != null ? output.filesBelow(from) : List.of();
      if (inside.isEmpty()) {
        return List.of(this); // a file
      }
      List<Step> steps = new ArrayList<>();
      inside.forEach(file -> steps.add(new Step(from + "/" + file, to + "/" + file)));
      List<String> old = new ArrayList<>(output.filesBelow(to));
      old.removeAll(inside);
      old.forEach(file -> steps.add(new Step(to + "/" + file, null)));
      return steps;
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

  private static String file(String run) {
    return folder(run) + "/journal.json";
  }

  /**
   * Commits: after this the steps will be carried out, by this process or a later one. On an object
   * store one request, elsewhere one rename within the run's folder, so that a run whose folder was
   * given up meanwhile cannot commit.
   *
   * @param last what is done right before
   * @throws CytolakeException FAILED if another process has given the run up meanwhile
   */
  void write(OutputFolder output, Runnable last) {
    if (!output.publish(file(run), folder(run) + "/journal.tmp", Json.write(this), last)) {
      throw new CytolakeException(
          Code.FAILED,
          "Run " + run + " of " + output + " gave no sign of life, and another run has removed it.",
          "Nothing was changed; run the same command again.");
    }
  }

  /** Whether the run was committed, though perhaps not carried out. */
  static boolean exists(OutputFolder output, String run) {
    return read(output, run).isPresent();
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
      // one without steps is in the way of a commit that is not to be
      return Optional.of(Json.read(text.get(), Journal.class)).filter(j -> !j.steps.isEmpty());
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
    remove(output, GIVEN_UP, name -> true);
    for (String run : runs(output)) {
      Optional<Journal> journal = read(output, run);
      if (journal.isEmpty() && giveUp(output, run)) {
        continue;
      }
      LOG.warn("Run {} of {} was stopped during its commit: finishing it", run, output);
      journal.or(() -> read(output, run)).ifPresent(j -> j.carryOut(output, CommitSteps.NONE));
      output.delete(folder(run));
    }
    remove(output, OutputFolder.PROBE, name -> isOld(output, name));
  }

  private static void remove(OutputFolder output, String prefix, Predicate<String> which) {
    output.list(OutputFolder.STAGING).stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> OutputFolder.STAGING + "/" + name)
        .filter(which)
        .forEach(output::delete);
  }

  private static boolean isOld(OutputFolder output, String name) {
    long since = output.modified(name).orElse(Long.MAX_VALUE);
    return System.currentTimeMillis() - since > KEPT_MILLIS;
  }

  /**
   * Removes a run that was not committed. It may only seem dead, or its last request may still be
   * on its way: where the store can refuse that, an empty journal lies for a day where its journal
   * would be; where a rename is one step, its folder is renamed first, so that it finds nothing to
   * commit.
   *
   * @return false if it is committed after all
   */
  static boolean giveUp(OutputFolder output, String run) {
    if (!output.isObjectStore() || !output.writesConditionally()) {
      LOG.warn("Run {} of {} was stopped before its commit: removing it", run, output);
      if (output.isObjectStore()) {
        output.delete(folder(run));
      } else {
        String given = OutputFolder.STAGING + "/" + GIVEN_UP + run;
        output.delete(given);
        output.rename(folder(run), given);
        output.delete(given);
      }
      return true;
    }
    boolean first = !output.exists(file(run));
    output.create(file(run), Json.write(new Journal(run, List.of())));
    if (read(output, run).isPresent()) {
      return false;
    }
    if (isOld(output, file(run))) {
      output.delete(folder(run));
      return true;
    }
    if (first) {
      LOG.warn("Run {} of {} was stopped before its commit: removing it", run, output);
    }
    for (String name : output.list(folder(run))) {
      if (!file(run).endsWith("/" + name)) {
        output.delete(folder(run) + "/" + name);
      }
    }
    return true;
  }

  /** Does what is left to do. */
  void carryOut(OutputFolder output, CommitSteps told) {
    if (output.exists(Manifest.name(run))) {
      return;
    }
    AtomicInteger done = new AtomicInteger();
    Consumer<Step> deed =
        step -> {
          carryOut(output, step);
          told.done(done.incrementAndGet(), steps.size());
        };
    if (output.isObjectStore()) {
      Together.each(groups(), deed);
    } else {
      steps.forEach(deed);
    }
  }

  /** Steps in a row that do the same in one folder, which may be done in any order. */
  private List<List<Step>> groups() {
    List<List<Step>> groups = new ArrayList<>();
    String last = "";
    for (Step step : steps) {
      String name = step.to == null ? step.from : step.to;
      String kind = (step.to == null ? "- " : "+ ") + name.substring(0, name.indexOf('/') + 1);
      if (!kind.equals(last)) {
        groups.add(new ArrayList<>());
      }
      groups.get(groups.size() - 1).add(step);
      last = kind;
    }
    return groups;
  }

  /** Does one step, if it is not done yet. */
  static void carryOut(OutputFolder output, Step step) {
    if (step.to == null) {
      output.delete(step.from);
    } else {
      move(output, step);
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
