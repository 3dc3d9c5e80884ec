package org.cytolake.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.spark.sql.connector.read.streaming.Offset;
import org.cytolake.output.Json;

/** A place in a stream of images: how many batches of its log lie before it. */
final class ImageOffset extends Offset {
  private final int batches;

  ImageOffset(int batches) {
    this.batches = batches;
  }

  private record Text(int batches) {}

  static ImageOffset of(String json) {
    try {
      return new ImageOffset(Json.read(json, Text.class).batches());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no offset of a stream of images: " + json, e);
    }
  }

  int batches() {
    return batches;
  }

  @Override
  public String json() {
    return Json.line(new Text(batches));
  }
}
