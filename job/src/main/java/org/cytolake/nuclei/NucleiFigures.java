package org.cytolake.nuclei;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.cytolake.field.Field;
import org.cytolake.measure.NearestNeighbours;
import org.cytolake.measure.Quantiles;

/**
 * What the nuclei of one plane say together.
 *
 * @param count nuclei, 0 or more
 * @param candidates among which they were selected
 * @param areas quantiles {@link #SHARES} of their areas, pixels; NaN without nuclei
 * @param nearestPx mean distance of a centroid to the nearest other one, pixels; NaN where there
 *     are fewer than two
 * @param nearestUm the same in µm; NaN where the pixel size is unknown too
 * @param uncertain nuclei that are hardly more probable than the threshold
 * @param pixels of all nuclei
 * @param intensity summed over those pixels, in the channel that was segmented
 */
public record NucleiFigures(
    long count,
    long candidates,
    List<Double> areas,
    double nearestPx,
    double nearestUm,
    long uncertain,
    long pixels,
    double intensity) {
  /** The quantiles' shares. */
  public static final List<Double> SHARES = List.of(0.05, 0.25, 0.5, 0.75, 0.95);

  public NucleiFigures {
    areas = List.copyOf(areas);
  }

  /** Median area, pixels; NaN without nuclei. */
  double medianArea() {
    return areas.get(SHARES.indexOf(0.5));
  }

  /** Nuclei, gathered one by one. */
  public static final class Gathered {
    private record Nucleus(double area, double y, double x, double prob, double intensity) {}

    private final List<Nucleus> nuclei = new ArrayList<>();

    /**
     * Takes one.
     *
     * @param area pixels
     * @param intensity summed over its pixels in the channel that was segmented
     */
    void add(double area, double centroidY, double centroidX, double prob, double intensity) {
      nuclei.add(new Nucleus(area, centroidY, centroidX, prob, intensity));
    }

    /**
     * What they say together.
     *
     * @param uncertainBelow probability below which a nucleus is uncertain
     */
    public NucleiFigures figures(Field field, long candidates, double uncertainBelow) {
      double[] areas = nuclei.stream().mapToDouble(Nucleus::area).toArray();
      double[] ys = nuclei.stream().mapToDouble(Nucleus::y).toArray();
      double[] xs = nuclei.stream().mapToDouble(Nucleus::x).toArray();
      boolean known = field.pixelSizeXUm() != null && field.pixelSizeYUm() != null;
      double[] shares = SHARES.stream().mapToDouble(s -> s).toArray();
      return new NucleiFigures(
          areas.length,
          candidates,
          Arrays.stream(Quantiles.of(areas, shares)).boxed().toList(),
          NearestNeighbours.meanDistance(ys, xs),
          known
              ? NearestNeighbours.meanDistance(
                  scaled(ys, field.pixelSizeYUm()), scaled(xs, field.pixelSizeXUm()))
              : Double.NaN,
          nuclei.stream().filter(n -> n.prob < uncertainBelow).count(),
          (long) Arrays.stream(areas).sum(),
          nuclei.stream().mapToDouble(Nucleus::intensity).sum());
    }

    private static double[] scaled(double[] values, double by) {
      return Arrays.stream(values).map(v -> v * by).toArray();
    }
  }
}
