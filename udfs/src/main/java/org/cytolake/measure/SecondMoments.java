package org.cytolake.measure;

/**
 * Central second moments of an object's pixels over its area, and the ellipse that has the same: of
 * {@code skimage.measure.regionprops}' inertia tensor.
 *
 * @param yy mean squared distance from the centroid's row
 * @param yx mean product of the distances from its row and its column
 * @param xx mean squared distance from its column
 */
public record SecondMoments(double yy, double yx, double xx) {

  /** The same for pixels of that height and width, as regionprops' {@code spacing}. */
  public SecondMoments scaled(double height, double width) {
    return new SecondMoments(yy * height * height, yx * height * width, xx * width * width);
  }

  private double spread() {
    return Math.sqrt((yy - xx) * (yy - xx) / 4 + yx * yx);
  }

  private double large() {
    return Math.max(0, (yy + xx) / 2 + spread());
  }

  private double small() {
    // the determinant over the larger eigenvalue: no cancellation for thin objects
    return large() == 0 ? 0 : Math.max(0, (yy * xx - yx * yx) / large());
  }

  /** Length of the ellipse's major axis. */
  public double majorAxis() {
    return 4 * Math.sqrt(large());
  }

  /** Length of its minor axis. */
  public double minorAxis() {
    return 4 * Math.sqrt(small());
  }

  /** Its eccentricity, 0 (circle) to 1. */
  public double eccentricity() {
    return large() == 0 ? 0 : Math.sqrt(Math.max(0, 1 - small() / large()));
  }

  /** Angle between the rows' axis and the major axis, -pi/2 to pi/2, counter-clockwise. */
  public double orientation() {
    // the tensor is [[xx, -yx], [-yx, yy]]
    if (xx - yy == 0) {
      return -yx < 0 ? Math.PI / 4 : -Math.PI / 4;
    }
    return 0.5 * Math.atan2(2 * yx, yy - xx);
  }
}
