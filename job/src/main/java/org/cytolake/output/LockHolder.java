package org.cytolake.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who holds a lock.
 *
 * @param token unique to the lock
 * @param host the host's name, for people
 * @param machine equal only for processes that see each other's process ids: a host since it
 *     started, and the container on it
 * @param pid the process
 * @param started when the process started, for process ids come again; empty if unknown
 * @param since when the lock was taken
 */
record LockHolder(
    String token, String host, String machine, long pid, String started, String since) {
  private static final Set<String> HELD_HERE = ConcurrentHashMap.newKeySet();

  LockHolder {
    if (token == null || token.isEmpty()) {
      throw new IllegalArgumentException("a lock has a token");
    }
  }

  static LockHolder ofThisProcess() {
    ProcessHandle process = ProcessHandle.current();
    return new LockHolder(
        UUID.randomUUID().toString(),
        hostName(),
        thisMachine(),
        process.pid(),
        startOf(process),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  static Optional<LockHolder> parse(String json) {
    try {
      return Optional.of(Json.read(json, LockHolder.class));
    } catch (JsonProcessingException e) {
      return Optional.empty(); // being written just now, or left half-written
    }
  }

  /** This process holds the lock from now on. */
  void hold() {
    HELD_HERE.add(token);
  }

  /** This process no longer holds the lock, whether its file could be removed or not. */
  void letGo() {
    HELD_HERE.remove(token);
  }

  /** Whether the holder is known to have ended: false also where that cannot be known. */
  boolean isDead() {
    if (!thisMachine().equals(machine)) {
      return false;
    }
    if (pid == ProcessHandle.current().pid()) {
      return !HELD_HERE.contains(token);
    }
    return ProcessHandle.of(pid)
        .map(process -> !process.isAlive() || !startOf(process).equals(started))
        .orElse(true);
  }

  @Override
  public String toString() {
    return "process " + pid + " on " + host + " since " + since;
  }

  private static String startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  static String thisMachine() {
    try {
      // Linux: two containers on one host may share its name but not its process ids
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
          + " "
          + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      return hostName();
    }
  }
}
