package org.cytolake.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.FileAppender;
import org.apache.logging.log4j.core.config.AppenderRef;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;

/**
 * How much of Spark's and our own log goes to standard error and to a log file. Where the log goes
 * otherwise stays as the Log4j configuration says; without a wish nothing is changed.
 */
final class Logs {
  private static final String FILE_APPENDER = "cytolake-log-file";
  private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss.SSS} %p [%t] %c{1.}: %m%n";
  private static final String OURS = "org.cytolake";

  private final Console.Voice voice;
  private final Optional<Path> file;

  /**
   * @param file appended to; this process's own log, not that of executors
   */
  Logs(Console.Voice voice, Optional<Path> file) {
    this.voice = voice;
    this.file = file;
  }

  /**
   * Sets the levels; again after Spark has started, which may set its own.
   *
   * @throws CytolakeException USAGE if the file cannot be written
   */
  void apply() {
    if (voice == Console.Voice.NORMAL && file.isEmpty()) {
      return;
    }
    if (!(LogManager.getContext(false) instanceof LoggerContext context)) {
      file.ifPresent(f -> unusable(f, "the program's log does not go through Log4j 2", null));
      return;
    }
    Configuration configuration = context.getConfiguration();
    LoggerConfig root = configuration.getRootLogger();
    Level console =
        switch (voice) {
          case QUIET -> Level.ERROR;
          case NORMAL -> root.getLevel();
          case VERBOSE -> Level.INFO;
        };
    if (configuration.getAppender(FILE_APPENDER) == null) {
      limitAppenders(root, console);
      file.ifPresent(f -> addFile(f, configuration, root));
    }
    root.setLevel(
        file.isPresent() && console.isMoreSpecificThan(Level.INFO) ? Level.INFO : console);
    if (voice == Console.Voice.VERBOSE) {
      LoggerConfig ours = new LoggerConfig(OURS, Level.DEBUG, true);
      configuration.addLogger(OURS, ours);
    }
    context.updateLoggers();
  }

  /** What was there before says what it said before, when the root lets more through. */
  private static void limitAppenders(LoggerConfig root, Level level) {
    List<AppenderRef> before = new ArrayList<>(root.getAppenderRefs());
    for (AppenderRef reference : before) {
      Appender appender = root.getAppenders().get(reference.getRef());
      if (appender != null) {
        root.removeAppender(reference.getRef());
        root.addAppender(appender, level, reference.getFilter());
      }
    }
  }

  private static void addFile(Path file, Configuration configuration, LoggerConfig root) {
    try {
      Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    } catch (IOException e) {
      throw unusable(file, reason(e), e);
    }
    FileAppender appender =
        FileAppender.newBuilder()
            .setName(FILE_APPENDER)
            .withFileName(file.toString())
            .withAppend(true)
            .setLayout(PatternLayout.newBuilder().withPattern(PATTERN).build())
            .setConfiguration(configuration)
            .build();
    appender.start();
    configuration.addAppender(appender);
    root.addAppender(appender, Level.DEBUG, null);
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException
        ? "its folder does not exist"
        : Files.isDirectory(Path.of(String.valueOf(e.getMessage())))
            ? "it is a folder"
            : e.toString();
  }

  private static CytolakeException unusable(Path file, String why, Throwable cause) {
    return new CytolakeException(
        Code.USAGE,
        "The log file " + file + " cannot be written: " + why + ".",
        "Choose another --log-file.",
        cause);
  }
}
