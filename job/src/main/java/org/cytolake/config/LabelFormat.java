package org.cytolake.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** As what label images and illumination functions are written. */
public enum LabelFormat {
  /** A file of OME-TIFF. */
  OME_TIFF(".ome.tif"),
  /** A folder of OME-Zarr. */
  OME_ZARR(".ome.zarr");

  private final String suffix;

  LabelFormat(String suffix) {
    this.suffix = suffix;
  }

  /** How the names of such files, or folders, end. */
  public String suffix() {
    return suffix;
  }

  /** As the configuration has it: {@code ome-tiff}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static LabelFormat of(Values v, String key) {
    List<String> words = Arrays.stream(values()).map(LabelFormat::word).toList();
    return values()[words.indexOf(v.oneOf(key, words))];
  }
}
