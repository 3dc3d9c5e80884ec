package org.cytolake.run;

import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.cytolake.field.Field;

/** Pass 1. */
final class CountedPlanes {
  private CountedPlanes() {}

  /** The planes of a batch, a partition for each share. */
  static JavaRDD<PlaneInput> of(JavaSparkContext context, Batch batch) {
    List<List<Field>> shares = batch.shares();
    return context
        .parallelize(shares, shares.size())
        .flatMap(share -> share.stream().flatMap(f -> PlaneInput.planes(f).stream()).iterator());
  }
}
