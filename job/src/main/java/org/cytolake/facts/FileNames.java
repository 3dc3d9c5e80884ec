package org.cytolake.facts;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** File names made of names that anybody may have chosen. */
public final class FileNames {
  private static final int LONGEST = 80;

  private FileNames() {}

  /**
   * A name of letters, digits, {@code _} and {@code -}, at most 89 of them. Where that changes the
   * name, a checksum of it is added, so that names which differ stay different.
   */
  public static String safe(String name) {
    String safe = name.replaceAll("[^A-Za-z0-9_-]", "_");
    if (safe.length() > LONGEST) {
      safe = safe.substring(0, LONGEST);
    }
    if (safe.equals(name)) {
      return safe.isEmpty() ? "_" : safe;
    }
    CRC32 sum = new CRC32();
    sum.update(name.getBytes(StandardCharsets.UTF_8));
    return "%s-%08x".formatted(safe, sum.getValue());
  }
}
