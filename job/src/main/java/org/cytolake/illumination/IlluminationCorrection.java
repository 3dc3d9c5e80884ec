package org.cytolake.illumination;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.cytolake.bioformats.ImageReadException;
import org.cytolake.bioformats.PlanePixels;
import org.cytolake.bioformats.PlaneSource;
import org.cytolake.field.Failure;
import org.cytolake.field.Field;
import org.cytolake.shading.Correction;

/**
 * Takes uneven light out of one plane after the other; keeps the functions of the last one's group.
 * Not thread-safe.
 */
public final class IlluminationCorrection implements PlaneSource.Correcting {
  private final CorrectionSettings settings;
  private final Configuration hadoop;
  private List<String> group; // null before the first plane
  private final List<LightImage> functions = new ArrayList<>(); // of the group, by channel

  IlluminationCorrection(CorrectionSettings settings, Configuration hadoop) {
    this.settings = settings;
    this.hadoop = hadoop;
  }

  @Override
  public PlanePixels of(Field field, PlanePixels pixels, boolean inMemory)
      throws ImageReadException {
    List<String> now = settings.groups().values(field.groups());
    if (!now.equals(group)) {
      group = null;
      functions.clear();
      for (String channel : settings.channels()) {
        functions.add(load(now, channel));
      }
      group = now;
    }
    for (int c = 0; c < functions.size(); c++) {
      LightImage function = functions.get(c);
      if (function.height() != field.sizeY() || function.width() != field.sizeX()) {
        throw failed(
            field.channels().get(c).file().path(),
            "ILLUMINATION_SIZE",
            "The image has "
                + field.sizeX()
                + " x "
                + field.sizeY()
                + " pixels, but the illumination function of "
                + settings.channels().get(c)
                + " has "
                + function.width()
                + " x "
                + function.height()
                + ".",
            "Images that share a function need one size: name a group of the pattern that tells"
                + " the sizes apart with illumination.group, or analyse them into another output.",
            null);
      }
    }
    return CorrectedPixels.of(
        pixels,
        settings.correction(),
        functions.stream().map(LightImage::values).toList(),
        field.channels().stream().map(Field.Channel::pixelType).toList(),
        inMemory);
  }

  private LightImage load(List<String> of, String channel) throws ImageReadException {
    String file = FunctionFiles.name(of, channel);
    try {
      Path path = settings.files().find(of, channel, hadoop).orElse(null);
      if (path == null) {
        throw failed(
            file,
            "ILLUMINATION_MISSING",
            "There is no illumination function "
                + file
                + ", nor one of the channel "
                + channel
                + " alone, in "
                + String.join(" or ", settings.files().folders())
                + ".",
            "Make it with illumination.method, or name files that are there with"
                + " illumination.from.",
            null);
      }
      file = path.toString();
      LightImage function = FunctionFiles.read(path, hadoop);
      for (float value : function.values()) {
        if (!Float.isFinite(value) || (value <= 0 && settings.correction() == Correction.DIVIDE)) {
          throw failed(
              file,
              "ILLUMINATION_VALUES",
              "The illumination function "
                  + file
                  + " has the value "
                  + value
                  + ", by which nothing can be divided.",
              "Set illumination.rescale = true, which keeps functions at 1 and above, or correct"
                  + " the file.",
              null);
        }
      }
      return function;
    } catch (ImageReadException e) {
      throw e;
    } catch (IOException e) {
      throw failed(
          file,
          "ILLUMINATION_UNREADABLE",
          "The illumination function " + file + " cannot be read: " + e.getMessage() + ".",
          "Write it again, as an array of the images' size.",
          e);
    }
  }

  private static ImageReadException failed(
      String file, String code, String message, String remedy, Exception cause) {
    return new ImageReadException(
        new Failure("", List.of(), file, "pixels", code, message, remedy), cause);
  }
}
