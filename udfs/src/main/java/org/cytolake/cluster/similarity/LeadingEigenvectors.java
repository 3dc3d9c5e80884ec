package org.cytolake.cluster.similarity;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.cytolake.cluster.Seeding;
import org.cytolake.points.Ordering;

/**
 * The eigenvectors of a symmetric matrix that have the largest eigenvalues, by the Rayleigh-Ritz
 * procedure in spaces that products of the matrix with a block of vectors span, again and again
 * from the best vectors so far (Golub and Underwood 1977, "The block Lanczos method for computing
 * eigenvalues"). A block finds eigenvalues that are the same, too.
 */
final class LeadingEigenvectors {
  /** Products with a block before it starts again from the best vectors. */
  private static final int STEPS = 8;

  private static final int MAX_ROUNDS = 300;
  private static final double TOLERANCE = 1e-9;

  private final double[][] matrix;
  private final int n;
  private final SplittableRandom random = new SplittableRandom(1);

  /** Orthonormal vectors, and the matrix times each. */
  private final double[][] basis;

  private final double[][] products;
  private int size;

  private LeadingEigenvectors(double[][] matrix, int block) {
    this.matrix = matrix;
    this.n = matrix.length;
    this.basis = new double[Math.min(n, block * (STEPS + 1))][];
    this.products = new double[basis.length][];
  }

  /**
   * Finds them.
   *
   * @param matrix symmetric, {@code [row][column]}, of a norm about 1
   * @param count how many, up to the matrix' rows
   * @return {@code [vector][row]}, of length 1, by falling eigenvalue; empty if they were not found
   */
  static double[][] of(double[][] matrix, int count) {
    int block = Math.min(matrix.length, count + 4);
    LeadingEigenvectors search = new LeadingEigenvectors(matrix, block);
    for (int j = 0; j < block; j++) {
      search.add(search.anyVector());
    }
    for (int round = 0; round < MAX_ROUNDS; round++) {
      for (int from = 0; from < search.size && search.size < search.basis.length; from++) {
        search.add(search.products[from].clone());
      }
      if (search.restart(block) < count) {
        continue;
      }
      return Arrays.copyOf(search.basis, count);
    }
    return new double[0][];
  }

  private double[] anyVector() {
    return IntStream.range(0, n).mapToDouble(i -> Seeding.uniform(random) - 0.5).toArray();
  }

  /** Adds the part of a vector that is orthogonal to those before; another one if there is none. */
  private void add(double[] vector) {
    double[] next = vector;
    double before = length(next);
    while (true) {
      for (int twice = 0; twice < 2; twice++) {
        for (int j = 0; j < size; j++) {
          plus(next, basis[j], -dot(next, basis[j]));
        }
      }
      double length = length(next);
      if (length > 1e-10 * before && length > 0) {
        for (int i = 0; i < n; i++) {
          next[i] /= length;
        }
        break;
      }
      next = anyVector();
      before = length(next);
    }
    // what cancellation has left of the vectors before
    for (int j = 0; j < size; j++) {
      plus(next, basis[j], -dot(next, basis[j]));
    }
    basis[size] = next;
    double[] product = new double[n];
    for (int i = 0; i < n; i++) {
      product[i] = dot(matrix[i], next);
    }
    products[size++] = product;
  }

  /** Keeps the best vectors of the space; of how many of them, from the first, it is an end. */
  private int restart(int block) {
    double[][] within = new double[size][size];
    for (int a = 0; a < size; a++) {
      for (int b = 0; b <= a; b++) {
        within[a][b] = dot(basis[a], products[b]);
        within[b][a] = within[a][b];
      }
    }
    double[][] turned = new double[size][size];
    for (int a = 0; a < size; a++) {
      turned[a][a] = 1;
    }
    diagonalize(within, turned);
    double[] falling = IntStream.range(0, size).mapToDouble(a -> -within[a][a]).toArray();
    int[] order = Ordering.ascending(falling);
    double[][] best = new double[block][n];
    double[][] images = new double[block][n];
    int settled = 0;
    for (int v = 0; v < block; v++) {
      for (int a = 0; a < size; a++) {
        plus(best[v], basis[a], turned[order[v]][a]);
        plus(images[v], products[a], turned[order[v]][a]);
      }
      double[] rest = images[v].clone();
      plus(rest, best[v], falling[order[v]]);
      settled += settled == v && length(rest) <= TOLERANCE ? 1 : 0;
    }
    System.arraycopy(best, 0, basis, 0, block);
    System.arraycopy(images, 0, products, 0, block);
    size = block;
    return settled;
  }

  /** By Jacobi's rotations; rows of {@code vectors} become the eigenvectors. */
  private static void diagonalize(double[][] a, double[][] vectors) {
    int m = a.length;
    for (int sweep = 0; sweep < 60; sweep++) {
      double off = 0;
      for (int p = 0; p < m; p++) {
        for (int q = 0; q < p; q++) {
          off = Math.max(off, Math.abs(a[p][q]));
        }
      }
      if (off < 1e-14) {
        return;
      }
      for (int p = 1; p < m; p++) {
        for (int q = 0; q < p; q++) {
          if (Math.abs(a[p][q]) > 1e-16) {
            double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
            double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
            double c = 1 / Math.sqrt(t * t + 1);
            rotate(a, vectors, p, q, c, t * c);
          }
        }
      }
    }
  }

  private static void rotate(double[][] a, double[][] vectors, int p, int q, double c, double s) {
    for (int k = 0; k < a.length; k++) {
      double kp = a[k][p];
      double kq = a[k][q];
      a[k][p] = c * kp - s * kq;
      a[k][q] = s * kp + c * kq;
    }
    for (int k = 0; k < a.length; k++) {
      double pk = a[p][k];
      double qk = a[q][k];
      a[p][k] = c * pk - s * qk;
      a[q][k] = s * pk + c * qk;
      double vp = vectors[p][k];
      double vq = vectors[q][k];
      vectors[p][k] = c * vp - s * vq;
      vectors[q][k] = s * vp + c * vq;
    }
  }

  private static void plus(double[] to, double[] vector, double times) {
    for (int i = 0; i < to.length; i++) {
      to[i] += times * vector[i];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double length(double[] vector) {
    return Math.sqrt(dot(vector, vector));
  }
}
