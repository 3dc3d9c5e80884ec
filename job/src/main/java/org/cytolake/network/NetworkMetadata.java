package org.cytolake.network;

import java.util.Map;
import org.cytolake.config.CytolakeException;

/**
 * What a model's file says of its network beside the shapes.
 *
 * @param values by key
 * @param refusal makes the error for a network that cannot be run
 */
record NetworkMetadata(Map<String, String> values, Refusal refusal) {
  /** What is thrown where a network cannot be run. */
  interface Refusal {
    /**
     * The error for it.
     *
     * @param what is wrong
     * @param cause null: none
     */
    CytolakeException of(String what, Exception cause);
  }

  NetworkMetadata {
    values = Map.copyOf(values);
  }

  double number(String key, double otherwise) {
    String text = values.get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      throw refusal.of("its metadata " + key + " is '" + text + "'", e);
    }
  }

  /** That a number is, where it is stated, what the job takes it for. */
  void require(String key, double expected) {
    double stated = number(key, expected);
    if (stated != expected) {
      throw refusal.of(
          "its metadata " + key + " is " + stated + " where " + expected + " is needed", null);
    }
  }

  double fraction(String key, double otherwise) {
    double value = number(key, otherwise);
    if (!(value >= 0 && value <= 1)) {
      throw refusal.of("its metadata " + key + " is " + value, null);
    }
    return value;
  }

  double positive(String key, double otherwise) {
    double value = number(key, otherwise);
    if (!(value > 0) || Double.isInfinite(value)) {
      throw refusal.of("its metadata " + key + " is " + value, null);
    }
    return value;
  }
}
