package org.cytolake.gaussian;

import org.cytolake.points.Blocks;

/**
 * The way of a mixture to a maximum of its likelihood, by steps of {@link Expectation} alone or
 * with leaps between them: two steps tell where a series of them would go (Varadhan and Roland
 * 2008, "Simple and globally convergent methods for accelerating the convergence of any EM
 * algorithm", scheme SqS3). A leap that lowers the likelihood is taken back; where steps lower it,
 * which they do where the regularisation counts, a leap may by as much as its steps.
 */
public final class Ascent {
  /** Leaps of more steps than this are cut short. */
  private static final double FARTHEST = 64;

  private final Expectation expectation;
  private final double[] scales;
  private double reached = Double.NEGATIVE_INFINITY;
  private int iterations;
  private boolean converged;

  /**
   * @param variance of the points, per channel
   */
  public Ascent(Blocks blocks, Components start, double regularization, double[] variance) {
    this.expectation = new Expectation(blocks, start, regularization);
    this.scales = scales(start.k(), variance, regularization);
  }

  /** What parameters are divided by so that their changes compare. */
  private static double[] scales(int k, double[] variance, double regularization) {
    int d = variance.length;
    double[] deviations = new double[d];
    for (int c = 0; c < d; c++) {
      deviations[c] = Math.sqrt(variance[c] + regularization);
    }
    double[] scales = new double[k * (1 + d + d * d)];
    for (int j = 0; j < k; j++) {
      scales[j] = 1;
      for (int a = 0; a < d; a++) {
        scales[k + j * d + a] = deviations[a];
        for (int b = 0; b < d; b++) {
          scales[k + k * d + (j * d + a) * d + b] = deviations[a] * deviations[b];
        }
      }
    }
    return scales;
  }

  /** Mean log likelihood before the last step. */
  public double reached() {
    return reached;
  }

  /** Steps taken. */
  public int iterations() {
    return iterations;
  }

  /** Whether the last step changed the likelihood by less than the tolerance. */
  public boolean converged() {
    return converged;
  }

  public Components components() {
    return expectation.components();
  }

  /** Steps up to a limit, counted from the start, or until they come to rest. */
  public void walk(int limit, double tolerance) {
    converged = false;
    while (!converged && iterations < limit) {
      step(tolerance);
    }
  }

  private void step(double tolerance) {
    iterations++;
    double before = reached;
    reached = expectation.step();
    converged = Math.abs(reached - before) < tolerance;
  }

  /** Steps with leaps up to a limit, counted from the start, or until steps come to rest. */
  public void leap(int limit, double tolerance) {
    converged = false;
    double[] safe = null;
    double floor = 0;
    while (!converged && iterations < limit) {
      double[] start = expectation.parameters();
      double before = reached;
      step(0);
      if (safe != null && reached < floor) {
        expectation.set(safe);
        reached = before;
        safe = null;
      } else if (iterations < limit) {
        double[] first = expectation.parameters();
        before = reached;
        step(tolerance);
        safe = expectation.parameters();
        double length = converged || iterations == limit ? 0 : leap(start, first, safe);
        floor = reached - 2 * length * Math.max(0, before - reached);
        safe = length > 1 ? safe : null;
      }
    }
    if (safe != null) {
      expectation.set(safe);
    }
  }

  /**
   * Leaves the second for where a leap leads, if that is a mixture.
   *
   * @return about how many steps it is worth; 0 if there was none
   */
  private double leap(double[] start, double[] first, double[] second) {
    double speed = 0;
    double change = 0;
    for (int i = 0; i < scales.length; i++) {
      double way = (first[i] - start[i]) / scales[i];
      double turn = (second[i] - first[i]) / scales[i] - way;
      speed += way * way;
      change += turn * turn;
    }
    double length = Math.min(Math.sqrt(speed / change), FARTHEST);
    if (!(length > 1)) {
      return 0;
    }
    double[] goal = new double[scales.length];
    for (int i = 0; i < goal.length; i++) {
      double way = first[i] - start[i];
      double turn = second[i] - first[i] - way;
      goal[i] = start[i] + 2 * length * way + length * length * turn;
    }
    if (expectation.set(goal)) {
      return length;
    }
    expectation.set(second);
    return 0;
  }
}
