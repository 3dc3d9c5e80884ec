package org.cytolake.run;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.cytolake.config.CytolakeConfig;
import org.cytolake.field.ImageFile;
import org.cytolake.label.LabelImages;

/**
 * Says whether an image must be processed again: a digest of its files' paths, lengths and
 * modification times and of every setting that its rows depend on.
 */
final class Fingerprint {
  /** Raised when the same settings give other rows. */
  private static final int VERSION = 3;

  private final String settings;

  /**
   * @param segmentation what is segmented how, the model's digest included; or that nothing is
   * @param scope for nuclei alone, settings of other tables are of no account
   */
  Fingerprint(CytolakeConfig config, String segmentation, Scope scope) {
    settings =
        String.join(
            "\n",
            "version " + VERSION,
            config.input().pattern(),
            config.input().channels(),
            config.input().z(),
            "label images " + LabelImages.kinds(config) + ", pixels " + config.output().pixels(),
            scope == Scope.NUCLEI
                ? "only nuclei"
                : String.join(
                    "\n",
                    config.histograms().toString(),
                    config.exploration().toString(),
                    clustering(config.clustering())),
            segmentation);
  }

  /** Models of several images are no rows of an image, but their values are. */
  private static String clustering(CytolakeConfig.Clustering settings) {
    return !settings.enabled()
        ? "no clustering"
        : settings.perImage()
            ? settings.toString()
            : String.join(
                " ",
                settings.channels().toString(),
                settings.values(),
                settings.reference(),
                settings.pixels());
  }

  /** Of an image by its files. */
  String of(List<ImageFile> files) {
    StringBuilder text = new StringBuilder(settings);
    for (ImageFile file : files) {
      text.append('\n').append(file.path());
      text.append('\n').append(file.length()).append(' ').append(file.modified());
    }
    return digest(text.toString());
  }

  static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
