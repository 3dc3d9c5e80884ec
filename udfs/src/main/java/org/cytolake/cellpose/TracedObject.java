package org.cytolake.cellpose;

import java.util.ArrayList;
import java.util.List;
import org.cytolake.image.LabelImage;
import org.cytolake.stardist.OutlinedObject;

/**
 * An object of a label image, with an outline by which it can be painted again.
 *
 * @param prob mean probability of its pixels, 0 to 1
 * @param y row of its pixel nearest to the mean of all, of several the first
 * @param x column of that pixel
 * @param vertexRows rows of the pixels along its border, in turn; one after the other for its
 *     parts, with a way there and back between them
 * @param vertexColumns as many columns
 */
@SuppressWarnings("ArrayRecordComponent") // identified by its place in a list
public record TracedObject(float prob, int y, int x, float[] vertexRows, float[] vertexColumns)
    implements OutlinedObject {

  /**
   * All objects of a label image, by label.
   *
   * @param image of {@link Cellpose#objects}: labels without gaps, objects without holes
   */
  public static List<TracedObject> of(LabelImage image, CellFlows flows) {
    LabelBounds bounds = LabelBounds.of(image, image.maxLabel());
    BorderTrace trace = new BorderTrace(image, bounds);
    List<TracedObject> objects = new ArrayList<>();
    for (int label = 1; label <= bounds.largest(); label++) {
      trace.follow(label);
      objects.add(of(image, bounds, label, flows, trace));
    }
    return objects;
  }

  private static TracedObject of(
      LabelImage image, LabelBounds bounds, int label, CellFlows flows, BorderTrace trace) {
    double probability = 0;
    long rows = 0;
    long columns = 0;
    long count = 0;
    for (int y = bounds.top()[label]; y < bounds.bottom()[label]; y++) {
      for (int x = bounds.left()[label]; x < bounds.right()[label]; x++) {
        int at = y * image.width() + x;
        if (image.at(at) == label) {
          probability += 1 / (1 + Math.exp(-flows.cellProb()[at]));
          rows += y;
          columns += x;
          count++;
        }
      }
    }
    double meanRow = (double) rows / count;
    double meanColumn = (double) columns / count;
    int nearest = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int y = bounds.top()[label]; y < bounds.bottom()[label]; y++) {
      for (int x = bounds.left()[label]; x < bounds.right()[label]; x++) {
        double dy = y - meanRow;
        double dx = x - meanColumn;
        if (dy * dy + dx * dx < least && image.at(y, x) == label) {
          least = dy * dy + dx * dx;
          nearest = y * image.width() + x;
        }
      }
    }
    return new TracedObject(
        (float) (probability / count),
        nearest / image.width(),
        nearest % image.width(),
        trace.rows(),
        trace.columns());
  }
}
