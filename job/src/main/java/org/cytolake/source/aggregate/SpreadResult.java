package org.cytolake.source.aggregate;

import java.util.OptionalDouble;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.cytolake.source.read.AggregateColumn.Function;
import org.cytolake.source.read.LoadedTile;

/**
 * A variance, standard deviation, covariance or correlation, with NULL where Spark has it: without
 * pixels; of a sample of one pixel; a correlation with a channel that does not vary.
 */
final class SpreadResult extends PlaneResult {
  private final Function function;
  private final int x;
  private final int y;
  private final PlaneMoments moments = new PlaneMoments();

  /**
   * @param y the second channel; the first again where there is one
   */
  SpreadResult(Function function, int x, int y) {
    this.function = function;
    this.x = x;
    this.y = y;
  }

  @Override
  void add(LoadedTile tile, TileCounter counter) {
    moments.add(tile.samples(x), tile.samples(y), tile.size());
  }

  @Override
  void put(WritableColumnVector vector) {
    OptionalDouble value = moments.count() == 0 ? OptionalDouble.empty() : value();
    if (value.isPresent()) {
      vector.putDouble(0, value.getAsDouble());
    } else {
      vector.putNull(0);
    }
  }

  private OptionalDouble value() {
    long n = moments.count();
    return switch (function) {
      case VAR_POP -> OptionalDouble.of(moments.squaresX() / n);
      case STDDEV_POP -> OptionalDouble.of(Math.sqrt(moments.squaresX() / n));
      case COVAR_POP -> OptionalDouble.of(moments.products() / n);
      case VAR_SAMP -> ofSample(moments.squaresX());
      case COVAR_SAMP -> ofSample(moments.products());
      case STDDEV_SAMP -> {
        OptionalDouble variance = ofSample(moments.squaresX());
        yield variance.isPresent()
            ? OptionalDouble.of(Math.sqrt(variance.getAsDouble()))
            : variance;
      }
      case CORR -> correlation(n);
      default -> throw new IllegalStateException(function.toString());
    };
  }

  private OptionalDouble ofSample(double sum) {
    long n = moments.count();
    return n == 1 ? OptionalDouble.empty() : OptionalDouble.of(sum / (n - 1));
  }

  private OptionalDouble correlation(long n) {
    double product = Math.sqrt(moments.squaresX() * moments.squaresY());
    return n == 1 || product == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(moments.products() / product);
  }
}
