package org.cytolake.bench;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Screens of any size that take no room: {@code formula://1000/} holds a thousand images, {@code
 * formula://1000x2/} as many of two channels. Names, headers and pixels are computed. Image {@code
 * i} is field {@code i % 9} of its well, a plate having 384 wells, {@code
 * plate_0000/plate_0000_A01_f0_c0.tif}: 16 x 16 pixels, 8 bits, of which the first four are the
 * image's number, big endian, the fifth the channel's, and every other is {@link #pixel}.
 */
public final class FormulaFileSystem extends FileSystem {
  /** Of the files' names. */
  public static final String PATTERN =
      "plate_(?<plate>\\d+)_(?<well>[A-P]\\d\\d)_f(?<site>\\d)_c(?<channel>\\d)\\.tif";

  /** Width and height of an image. */
  public static final int SIZE = 16;

  /** Images of a plate. */
  public static final int PLATE = 384 * 9;

  /** When every file was modified, ms since 1970. */
  public static final long MODIFIED = 1_700_000_000_000L;

  /** Bytes of a file. */
  public static final int LENGTH = 8 + SIZE * SIZE + 2 + 9 * 12 + 4;

  private static final Pattern FOLDER = Pattern.compile("/plate_(\\d{4})");
  private static final Pattern FILE =
      Pattern.compile("/plate_(\\d{4})/plate_\\1_([A-P])(\\d\\d)_f(\\d)_c(\\d)\\.tif");

  private URI uri;
  private int images;
  private int channels;

  /** Makes the scheme known. */
  public static void register(Configuration hadoop) {
    hadoop.set("fs.formula.impl", FormulaFileSystem.class.getName());
  }

  /** The sample of an image at a pixel beyond the fifth. */
  public static int pixel(int image, int channel, int y, int x) {
    return (image + 31 * channel + 7 * y + x) & 0xff;
  }

  /** Path of an image's file below the root. */
  public static String path(int image, int channel) {
    int inPlate = image % PLATE;
    int well = inPlate / 9;
    String plate = String.format("plate_%04d", image / PLATE);
    return String.format(
        "/%s/%s_%c%02d_f%d_c%d.tif",
        plate, plate, (char) ('A' + well / 24), well % 24 + 1, inPlate % 9, channel);
  }

  @Override
  public void initialize(URI name, Configuration conf) throws IOException {
    super.initialize(name, conf);
    uri = URI.create("formula://" + name.getAuthority());
    String[] counts = name.getAuthority().split("x", -1);
    images = Integer.parseInt(counts[0]);
    channels = counts.length > 1 ? Integer.parseInt(counts[1]) : 1;
  }

  @Override
  public URI getUri() {
    return uri;
  }

  private FileStatus folder(String path) {
    return new FileStatus(0, true, 1, 1, MODIFIED, new Path(uri + path));
  }

  private FileStatus file(int image, int channel) {
    return new FileStatus(LENGTH, false, 1, LENGTH, MODIFIED, new Path(uri + path(image, channel)));
  }

  @Override
  public FileStatus getFileStatus(Path f) throws IOException {
    String path = f.toUri().getPath();
    if (path.isEmpty() || path.equals("/") || FOLDER.matcher(path).matches()) {
      return folder(path);
    }
    int[] numbers = numbers(path);
    return file(numbers[0], numbers[1]);
  }

  private int[] numbers(String path) throws FileNotFoundException {
    Matcher file = FILE.matcher(path);
    if (file.matches()) {
      int well = (file.group(2).charAt(0) - 'A') * 24 + Integer.parseInt(file.group(3)) - 1;
      int image =
          Integer.parseInt(file.group(1)) * PLATE + well * 9 + Integer.parseInt(file.group(4));
      int channel = Integer.parseInt(file.group(5));
      if (image < images && channel < channels) {
        return new int[] {image, channel};
      }
    }
    throw new FileNotFoundException(path);
  }

  @Override
  public RemoteIterator<FileStatus> listStatusIterator(Path f) throws IOException {
    String path = f.toUri().getPath();
    Matcher folder = FOLDER.matcher(path);
    boolean plate = folder.matches();
    if (!plate && !path.isEmpty() && !path.equals("/")) {
      throw new FileNotFoundException(path);
    }
    int first = plate ? Integer.parseInt(folder.group(1)) * PLATE * channels : 0;
    int end =
        plate ? Math.min(images * channels, first + PLATE * channels) : (images - 1) / PLATE + 1;
    return new RemoteIterator<>() {
      private int next = first;

      @Override
      public boolean hasNext() {
        return next < end;
      }

      @Override
      public FileStatus next() {
        int i = next++;
        return plate ? file(i / channels, i % channels) : folder(String.format("/plate_%04d", i));
      }
    };
  }

  @Override
  public FileStatus[] listStatus(Path f) throws IOException {
    RemoteIterator<FileStatus> children = listStatusIterator(f);
    List<FileStatus> all = new ArrayList<>();
    while (children.hasNext()) {
      all.add(children.next());
    }
    return all.toArray(FileStatus[]::new);
  }

  /** A TIFF file: header, pixels, directory. */
  private static byte[] bytes(int image, int channel) {
    ByteBuffer file = ByteBuffer.allocate(LENGTH).order(ByteOrder.BIG_ENDIAN);
    file.put((byte) 'M').put((byte) 'M').putShort((short) 42).putInt(8 + SIZE * SIZE);
    IntStream.range(0, SIZE * SIZE)
        .forEach(i -> file.put((byte) pixel(image, channel, i / SIZE, i % SIZE)));
    file.putInt(8, image).put(12, (byte) channel);
    file.putShort((short) 9);
    int[] tags = {256, SIZE, 257, SIZE, 258, 8, 259, 1, 262, 1, 273, 8, 277, 1, 278, SIZE};
    for (int t = 0; t < tags.length; t += 2) {
      entry(file, tags[t], tags[t + 1]);
    }
    entry(file, 279, SIZE * SIZE);
    file.putInt(0);
    return file.array();
  }

  private static void entry(ByteBuffer file, int tag, int value) {
    file.putShort((short) tag).putShort((short) 4).putInt(1).putInt(value);
  }

  @Override
  public FSDataInputStream open(Path f, int bufferSize) throws IOException {
    int[] numbers = numbers(f.toUri().getPath());
    return new FSDataInputStream(new Computed(bytes(numbers[0], numbers[1])));
  }

  private static final class Computed extends FSInputStream {
    private final byte[] bytes;
    private int position;

    Computed(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public void seek(long to) throws IOException {
      if (to < 0 || to > bytes.length) {
        throw new EOFException("no byte " + to);
      }
      position = (int) to;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public boolean seekToNewSource(long target) {
      return false;
    }

    @Override
    public int read() {
      return position < bytes.length ? bytes[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
      int n = Math.min(count, bytes.length - position);
      if (n <= 0) {
        return count == 0 ? 0 : -1;
      }
      System.arraycopy(bytes, position, target, offset, n);
      position += n;
      return n;
    }
  }

  @Override
  public FSDataOutputStream create(
      Path f,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress) {
    throw new UnsupportedOperationException("what is computed cannot be written");
  }

  @Override
  public FSDataOutputStream append(Path f, int bufferSize, Progressable progress) {
    throw new UnsupportedOperationException("what is computed cannot be written");
  }

  @Override
  public boolean rename(Path from, Path to) {
    return false;
  }

  @Override
  public boolean delete(Path f, boolean recursive) {
    return false;
  }

  @Override
  public boolean mkdirs(Path f, FsPermission permission) {
    return false;
  }

  @Override
  public void setWorkingDirectory(Path folder) {
    // there is none but the root
  }

  @Override
  public Path getWorkingDirectory() {
    return new Path(uri + "/");
  }
}
