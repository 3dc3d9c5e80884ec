package org.cytolake.bioformats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Writes little-endian TIFF files of one directory, right or wrong, tag by tag. */
public final class TinyTiff {
  private static final int LONG = 4;
  private static final int ASCII = 2;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Entry(int type, long count, byte[] value) {}

  private final Map<Integer, Entry> entries = new TreeMap<>();
  private final byte[] strip;
  private boolean circle;

  private TinyTiff(byte[] strip) {
    this.strip = strip;
  }

  /** Grey, 8 bits, in one strip that holds these bytes. */
  public static TinyTiff grey(int width, int height, byte[] strip) {
    return new TinyTiff(strip)
        .tag(256, width)
        .tag(257, height)
        .tag(258, 8)
        .tag(259, 1)
        .tag(262, 1)
        .tag(277, 1)
        .tag(278, height)
        .tag(279, strip.length);
  }

  /** Sets a number. */
  public TinyTiff tag(int tag, int value) {
    return tag(tag, 1, value);
  }

  /** Sets a number of which there are said to be so many. */
  public TinyTiff tag(int tag, long count, int value) {
    entries.put(tag, new Entry(LONG, count, little(4).putInt(value).array()));
    return this;
  }

  /** Sets ImageDescription. */
  public TinyTiff description(String text) {
    byte[] bytes = (text + '\0').getBytes(StandardCharsets.UTF_8);
    entries.put(270, new Entry(ASCII, bytes.length, bytes));
    return this;
  }

  /** Makes the directory follow itself. */
  public TinyTiff circle() {
    circle = true;
    return this;
  }

  /** Writes the file. */
  public Path write(Path file) {
    int directory = 8;
    int offset = directory + 2 + 12 * (entries.size() + 1) + 4;
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    values.writeBytes(strip);
    entries.put(273, new Entry(LONG, 1, little(4).putInt(offset).array()));
    byte[] start = new byte[offset];
    ByteBuffer head = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
    head.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(directory);
    head.putShort((short) entries.size());
    entries.forEach(
        (tag, entry) -> {
          head.putShort((short) (int) tag).putShort((short) entry.type());
          head.putInt((int) entry.count());
          if (entry.value().length <= 4) {
            head.put(java.util.Arrays.copyOf(entry.value(), 4));
          } else {
            head.putInt(offset + values.size());
            values.writeBytes(entry.value());
          }
        });
    head.putInt(circle ? directory : 0);
    try (ByteArrayOutputStream all = new ByteArrayOutputStream()) {
      all.writeBytes(start);
      all.writeBytes(values.toByteArray());
      return Files.write(file, all.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
