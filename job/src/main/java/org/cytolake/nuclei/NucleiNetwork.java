package org.cytolake.nuclei;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.cytolake.cellpose.FlowThresholds;
import org.cytolake.config.CellOptions;
import org.cytolake.config.CellposeOptions;
import org.cytolake.config.CytolakeException;
import org.cytolake.config.CytolakeException.Code;
import org.cytolake.config.SegmentationOptions;
import org.cytolake.field.Field;
import org.cytolake.network.CellposeModel;
import org.cytolake.network.ModelFile;
import org.cytolake.network.NetworkModel;
import org.cytolake.network.StarDistModel;
import org.cytolake.stardist.StarThresholds;

/**
 * The network that finds nuclei, or cells, as the settings choose it.
 *
 * @param file the model
 * @param channels that it takes
 * @param multiple to which planes are padded
 * @param halo pixels beyond a place on which the prediction there depends
 * @param cellpose where it is a Cellpose network, which has its own tiles
 */
public record NucleiNetwork(
    SegmentationOptions settings,
    ModelFile file,
    StarThresholds thresholds,
    int channels,
    int multiple,
    int halo,
    Optional<CellposeSettings> cellpose) {

  /**
   * Loads the model once, so that a bad one fails the run at the start.
   *
   * @return empty where segmentation is off
   * @throws CytolakeException (USAGE) where it is no network that the job knows, takes other
   *     channels, or where there are settings for another kind of network
   */
  public static Optional<NucleiNetwork> of(SegmentationOptions settings, Configuration hadoop) {
    if (!settings.enabled()) {
      return Optional.empty();
    }
    ModelFile file =
        settings.model().isEmpty()
            ? ModelFile.builtIn(settings.precision())
            : ModelFile.read(settings.model(), hadoop);
    return Optional.of(of("segmentation", settings, file));
  }

  /**
   * Loads that of {@code cells.model}, which is given the channel that shows cells and, where it
   * takes two, that of the nuclei.
   *
   * @return empty where cells grow from their nuclei, or nothing is segmented
   * @throws CytolakeException (USAGE) as {@link #of}
   */
  public static Optional<NucleiNetwork> ofCells(
      SegmentationOptions segmentation, CellOptions cells, Configuration hadoop) {
    if (!segmentation.enabled() || cells.model().isEmpty() || !cells.enabled().orElse(true)) {
      return Optional.empty();
    }
    SegmentationOptions own =
        new SegmentationOptions(
            true,
            List.of(),
            cells.model(),
            "fp32",
            false,
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            segmentation.tile(),
            segmentation.maxPixels(),
            segmentation.maxCandidates(),
            0,
            false,
            cells.cellpose());
    NucleiNetwork network = of("cells", own, ModelFile.read(cells.model(), hadoop));
    if (network.channels > 2) {
      throw new CytolakeException(
          Code.USAGE,
          "The model "
              + network.file.name()
              + " takes "
              + network.channels
              + " channels, but cells.model is given two at most.",
          "Name a network that takes the channel of the cells, or that and the one of the nuclei.");
    }
    return Optional.of(network);
  }

  private static NucleiNetwork of(String section, SegmentationOptions settings, ModelFile file) {
    try (NetworkModel loaded = NetworkModel.load(file, 1)) {
      return loaded instanceof CellposeModel cellpose
          ? of(settings, file, cellpose)
          : of(section, settings, file, (StarDistModel) loaded);
    }
  }

  private static NucleiNetwork of(
      String section, SegmentationOptions settings, ModelFile file, StarDistModel loaded) {
    if (!settings.cellpose().equals(CellposeOptions.DEFAULT)) {
      throw new CytolakeException(
          Code.USAGE,
          section + ".cellpose is set, but the model " + file.name() + " is a StarDist network.",
          "Leave " + section + ".cellpose as it is, or name a Cellpose network.");
    }
    if (!settings.channels().isEmpty() && settings.channels().size() != loaded.channels()) {
      throw channels(file, loaded.channels(), "segmentation.channel", settings.channels());
    }
    StarThresholds stated = loaded.thresholds();
    StarThresholds thresholds =
        new StarThresholds(
            settings.probThreshold().orElse(stated.prob()),
            settings.nmsThreshold().orElse(stated.nms()));
    return new NucleiNetwork(
        settings,
        file,
        thresholds,
        loaded.channels(),
        loaded.multiple(),
        loaded.halo(),
        Optional.empty());
  }

  private static NucleiNetwork of(
      SegmentationOptions settings, ModelFile file, CellposeModel loaded) {
    requireNoStarDistSettings(settings, file);
    if (settings.channels().size() > loaded.channels()) {
      throw channels(file, loaded.channels(), "segmentation.channel", settings.channels());
    }
    CellposeOptions options = settings.cellpose();
    float diameter = options.diameter() == 0 ? loaded.diameter() : (float) options.diameter();
    CellposeSettings cellpose =
        new CellposeSettings(
            new FlowThresholds(
                options.cellProbThreshold(), options.flowThreshold(), options.minSize()),
            loaded.diameterMean() / diameter);
    return new NucleiNetwork(
        settings, file, cellpose.probabilities(), loaded.channels(), 1, 1, Optional.of(cellpose));
  }

  private static void requireNoStarDistSettings(SegmentationOptions settings, ModelFile file) {
    String set =
        settings.probThreshold().isPresent()
            ? "segmentation.prob-threshold is set"
            : settings.nmsThreshold().isPresent()
                ? "segmentation.nms-threshold is set"
                : settings.normalizeTogether() ? "segmentation.normalize is together" : "";
    if (!set.isEmpty()) {
      throw new CytolakeException(
          Code.USAGE,
          set + ", but the model " + file.name() + " is a Cellpose network.",
          "Leave it as it is: what is like it for Cellpose is in segmentation.cellpose.");
    }
  }

  private static CytolakeException channels(
      ModelFile model, int taken, String what, List<String> given) {
    return new CytolakeException(
        Code.USAGE,
        "The model "
            + model.name()
            + " takes "
            + (taken == 1 ? "one channel" : taken + " channels")
            + ", but "
            + what
            + " names "
            + (given.size() == 1 ? "one" : given.size())
            + ": "
            + String.join(", ", given)
            + ".",
        taken == 1
            ? "Name the one channel that shows the nuclei with --channel."
            : "Name "
                + taken
                + " channels in the order of the model, such as --channel red,green,blue.");
  }

  /** All that the rows of {@code nuclei} depend on; not on how planes are cut into tiles. */
  public Map<String, String> fingerprint() {
    Map<String, String> pairs = new TreeMap<>();
    pairs.put("segmentation.channel", settings.channels().toString());
    pairs.put("segmentation.normalize", settings.normalizeTogether() ? "together" : "each");
    pairs.put("segmentation.model", file.sha256());
    pairs.put("segmentation.prob-threshold", Double.toString(thresholds.prob()));
    pairs.put("segmentation.nms-threshold", Double.toString(thresholds.nms()));
    pairs.put("segmentation.max-pixels", Long.toString(settings.maxPixels()));
    pairs.put("segmentation.max-candidates", Integer.toString(settings.maxCandidates()));
    pairs.put("segmentation.cytoplasm-ring", Integer.toString(settings.cytoplasmRing()));
    pairs.put("segmentation.geojson", Boolean.toString(settings.geojson()));
    cellpose.ifPresent(how -> pairs.put("segmentation.cellpose", how.toString()));
    return pairs;
  }

  /** All that cells depend on beside their channel. */
  public Map<String, String> cellsFingerprint() {
    Map<String, String> pairs = new TreeMap<>();
    pairs.put("cells.model", file.sha256());
    pairs.put("cells.thresholds", thresholds.toString());
    cellpose.ifPresent(how -> pairs.put("cells.cellpose", how.toString()));
    return pairs;
  }

  /**
   * Names of the channels that the network is given, in its order.
   *
   * @throws CytolakeException (USAGE) where one is not there, or they are not as many as it takes
   */
  public List<String> channels(List<String> all) {
    List<String> named = settings.channels();
    for (String name : named) {
      if (!all.contains(name)) {
        throw new CytolakeException(
            Code.USAGE,
            "segmentation.channel is '"
                + name
                + "', but the channels are "
                + String.join(", ", all)
                + ".",
            "Name one of them, or leave it empty: the one named after a stain of nuclei, or the"
                + " first.");
      }
    }
    if (!named.isEmpty()) {
      return named;
    }
    if (channels == 1 || cellpose.isPresent()) {
      return List.of(NuclearStain.of(all));
    }
    if (all.size() != channels) {
      throw channels(file, channels, "the input", all);
    }
    return all;
  }

  /**
   * How nuclei are found in images.
   *
   * @param all names of the images' channels
   */
  public NucleiSettings settings(List<String> all) {
    return settings(all, channels(all));
  }

  /**
   * How cells are found.
   *
   * @param cells name of the channel that shows them
   * @param nuclei likewise of nuclei
   */
  public NucleiSettings settings(List<String> all, String cells, String nuclei) {
    return settings(all, List.of(cells, nuclei).subList(0, channels));
  }

  private NucleiSettings settings(List<String> all, List<String> given) {
    return new NucleiSettings(
        given.stream().map(all::indexOf).toList(),
        settings.normalizeTogether(),
        all,
        thresholds,
        new Tiling(multiple, halo, (long) settings.tile() * settings.tile()),
        settings.maxPixels(),
        settings.maxCandidates(),
        settings.cytoplasmRing(),
        cellpose.orElse(null));
  }

  /** Whether an image is cut into tiles for sure; where the memory decides, that is seen later. */
  public boolean cuts(Field field) {
    long side = settings.tile();
    return cellpose.isEmpty() && side > 0 && field.planePixels() > side * side;
  }

  /**
   * Checks that no prediction depends on pixels beyond the halo; for images that are cut into
   * tiles.
   *
   * @throws CytolakeException (USAGE) where one does: tiles would show
   */
  public void requireHalo() {
    try (StarDistModel loaded = StarDistModel.load(file, 1)) {
      loaded.requireHalo();
    }
  }
}
