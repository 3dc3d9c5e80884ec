package org.cytolake.config;

import java.io.Serializable;
import java.util.List;
import java.util.OptionalDouble;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.shading.Correction;
import org.cytolake.shading.Smoothing;

/**
 * Section {@code illumination}.
 *
 * @param method how illumination functions are made
 * @param blockSize side of the blocks of the method background, pixels
 * @param smoothing how averages are smoothed
 * @param rescaled whether functions are factors of 1 and more; else they have the images' units
 * @param group {@code auto}, {@code all} or names of the pattern's groups: the images that agree in
 *     them share a function a channel
 * @param apply how images are corrected
 * @param from a folder of functions, an output of an earlier run, or a file; empty: those made here
 */
public record IlluminationOptions(
    Method method,
    int blockSize,
    Smoothing smoothing,
    boolean rescaled,
    List<String> group,
    Apply apply,
    String from)
    implements Serializable {
  /** How functions are made. */
  public enum Method {
    /** They are not. */
    NONE,
    /** From the average of all images. */
    REGULAR,
    /** From the smallest intensity of every block of every image. */
    BACKGROUND,
    /** The flat field that BaSiC finds. */
    BASIC
  }

  /** How images are corrected. */
  public enum Apply {
    /** They are not. */
    NONE,
    /** Divided by the function. */
    DIVIDE,
    /** The function is subtracted. */
    SUBTRACT;

    /** What is done to each pixel. */
    public Correction correction() {
      return Correction.valueOf(name());
    }
  }

  public IlluminationOptions {
    group = List.copyOf(group);
    if (method != Method.NONE && !from.isEmpty()) {
      throw new CytolakeException(
          Code.USAGE,
          "illumination.from is " + from + ", but illumination.method is " + word(method) + ".",
          "Leave illumination.from empty to make functions, or set illumination.method = none to"
              + " take those that are there.");
    }
    if (apply != Apply.NONE && method == Method.NONE && from.isEmpty()) {
      throw new CytolakeException(
          Code.USAGE,
          "illumination.apply is " + word(apply) + ", but there is no illumination function.",
          "Set illumination.method to regular, background or basic, or name functions with"
              + " illumination.from.");
    }
    if (apply == Apply.NONE && !from.isEmpty()) {
      throw new CytolakeException(
          Code.USAGE,
          "illumination.from is " + from + ", but illumination.apply is none.",
          "Set illumination.apply to divide or subtract, or leave illumination.from empty.");
    }
    if (method == Method.BASIC && !rescaled) {
      throw new CytolakeException(
          Code.USAGE,
          "illumination.method is basic, which makes factors: they are no intensities to subtract.",
          "Set illumination.apply to divide or none and illumination.rescale to auto, or"
              + " illumination.method to regular or background.");
    }
    if (apply == Apply.SUBTRACT && method != Method.NONE && rescaled) {
      throw new CytolakeException(
          Code.USAGE,
          "illumination.apply is subtract, but illumination.rescale makes functions factors.",
          "Set illumination.rescale to auto or false, or divide.");
    }
  }

  /** Whether functions are made of the images. */
  public boolean made() {
    return method != Method.NONE;
  }

  /** Whether images are corrected. */
  public boolean applied() {
    return apply != Apply.NONE;
  }

  /** A choice as one writes it. */
  public static String word(Enum<?> choice) {
    return choice.name().toLowerCase(java.util.Locale.ROOT);
  }

  static IlluminationOptions of(Values v) {
    Apply apply = v.choice("illumination.apply", Apply.class);
    String rescale = v.oneOf("illumination.rescale", List.of("auto", "true", "false"));
    String size = "illumination.smoothing-size";
    double pixels = v.positiveOr(size, "auto");
    Method method = v.choice("illumination.method", Method.class);
    Smoothing.Kind smoothing = v.choice("illumination.smoothing", Smoothing.Kind.class);
    return new IlluminationOptions(
        method,
        (int) v.integer("illumination.block-size", 1, 1 << 16),
        Smoothing.of(
            method == Method.BASIC ? Smoothing.Kind.NONE : smoothing,
            pixels == 0 ? OptionalDouble.empty() : OptionalDouble.of(pixels)),
        rescale.equals("true") || (rescale.equals("auto") && apply != Apply.SUBTRACT),
        v.strings("illumination.group"),
        apply,
        v.text("illumination.from"));
  }
}
