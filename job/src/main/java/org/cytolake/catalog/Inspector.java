package org.cytolake.catalog;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.cytolake.bioformats.BioFormats;
import org.cytolake.bioformats.HeaderReader;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.config.StorePath;
import org.cytolake.field.Header;
import org.cytolake.field.ImageFile;

/** Says what is in a file, or what a folder holds. */
public final class Inspector {
  /**
   * What was found.
   *
   * @param readable whether the file can be read
   */
  public record Report(String text, boolean readable) {}

  private Inspector() {}

  /**
   * Reads a file's header, or lists a folder.
   *
   * @param layout how the names of files in a folder tell plate, well and so on: a layout's name or
   *     auto
   * @throws CytolakeException (USAGE) where there is no such file
   */
  public static Report inspect(String path, String layout, Configuration hadoop) {
    FileStatus status = find(path, hadoop);
    ImageFile file =
        new ImageFile(status.getPath().toString(), status.getLen(), status.getModificationTime());
    if (status.isDirectory()) {
      Optional<ImageFile> zarr = zarrImage(status.getPath().toString(), hadoop);
      if (zarr.isEmpty()) {
        return new Report(PlateOverview.text(path, layout, hadoop), true);
      }
      file = zarr.get();
    }
    StringBuilder text = new StringBuilder(path).append(System.lineSeparator());
    try (HeaderReader reader = new HeaderReader(hadoop, true)) {
      Header header = reader.read(file);
      String[] reading = header.readerClass().split("\\.", -1);
      line(text, "format", header.format() + " (" + reading[reading.length - 1] + ")");
      line(text, "bytes", String.format(Locale.ROOT, "%,d", file.length()));
      for (int s = 0; s < header.series().size(); s++) {
        series(text, s, header.series().get(s));
      }
      header.notes().forEach(note -> line(text, "note", note));
      return new Report(text.toString(), true);
    } catch (ImageReadException e) {
      line(text, "error", e.failure().message());
      line(text, "remedy", e.failure().remedy());
      return new Report(text.toString(), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The metadata of a folder that is an image of OME-Zarr, or should be one by its name. */
  private static Optional<ImageFile> zarrImage(String folder, Configuration hadoop) {
    try {
      List<FoundFile> found =
          ZarrFolder.of(folder, folder.length(), InputFolder.Content.EMPTY, hadoop).list().files();
      return found.stream()
          .filter(f -> f.zarr().flatMap(ZarrPlace::field).isEmpty())
          .filter(f -> f.file().length() > 0 || ZarrFolder.isNamed(folder))
          .map(FoundFile::file)
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileStatus find(String path, Configuration hadoop) {
    StorePath.requireNoSecret(path, "inspect");
    String what = "The file " + path + " cannot be opened";
    try {
      Path file = new Path(path);
      return StorePath.fileSystem(what, file, hadoop).getFileStatus(file);
    } catch (FileNotFoundException e) {
      throw new CytolakeException(
          Code.USAGE, "The file " + path + " does not exist.", "Check the path.", e);
    } catch (IOException | IllegalArgumentException e) {
      throw StorePath.explain(what, e)
          .orElseGet(
              () ->
                  new CytolakeException(
                      Code.USAGE,
                      what + ": " + e.getMessage() + ".",
                      "Check the path and its permissions.",
                      e));
    }
  }

  private static void series(StringBuilder text, int number, Header.Series s) {
    line(text, "series " + number, s.sizeX() + " x " + s.sizeY() + " pixels");
    line(
        text,
        "  planes",
        "z " + s.sizeZ() + ", t " + s.sizeT() + ", channels " + s.channels().size());
    line(text, "  channels", String.join(", ", s.channels()));
    line(text, "  pixel type", BioFormats.pixelTypeName(s.pixelType()));
    line(
        text,
        "  pixel size",
        s.pixelSizeXUm() == null || s.pixelSizeYUm() == null
            ? "unknown"
            : s.pixelSizeXUm() + " x " + s.pixelSizeYUm() + " \u00b5m");
    line(text, "  stored in", s.tileWidth() + " x " + s.tileHeight() + " pieces");
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "  %-14s %s%n", name, value));
  }
}
