package org.cytolake.network;

import java.nio.FloatBuffer;
import org.cytolake.stardist.Prediction;

/**
 * What a network has left in its buffers; valid until they are used again.
 *
 * @param prob output with the probabilities, whose cells are {@code probStep} apart
 * @param dist output with the distances; that of a cell along a ray lies at {@code distStart + cell
 *     * distStep + ray * rayStep}
 */
public record NetworkPrediction(
    int height,
    int width,
    int rays,
    int grid,
    FloatBuffer prob,
    int probStep,
    FloatBuffer dist,
    int distStart,
    int distStep,
    int rayStep)
    implements Prediction {

  @Override
  public float prob(int cell) {
    return prob.get(cell * probStep);
  }

  @Override
  public void probs(int firstCell, float[] into) {
    if (probStep == 1) {
      prob.get(firstCell, into);
    } else {
      Prediction.super.probs(firstCell, into);
    }
  }

  @Override
  public float dist(int cell, int ray) {
    return dist.get(distStart + cell * distStep + ray * rayStep);
  }
}
