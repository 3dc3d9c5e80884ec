package org.cytolake.sql;

import java.util.List;
import java.util.stream.Stream;

/**
 * What the documentation says of a SQL function.
 *
 * @param name in snake case
 * @param calls how it is called, all forms
 * @param usage what it returns, a sentence
 * @param arguments each in words, as {@code name - meaning: types}
 * @param example a query that runs as it is
 * @param result what that prints
 */
public record FunctionText(
    String name,
    String calls,
    String usage,
    List<String> arguments,
    String example,
    String result) {
  public FunctionText {
    arguments = List.copyOf(arguments);
  }

  /** All functions, by subject. */
  public static List<FunctionText> all() {
    return Stream.concat(
            Catalogue.AGGREGATES.stream().map(SqlAggregate::signature),
            Catalogue.FUNCTIONS.stream().map(SqlFunction::signature))
        .map(FunctionText::of)
        .toList();
  }

  private static FunctionText of(Signature signature) {
    return new FunctionText(
        signature.name(),
        signature.calls(),
        signature.usage(),
        signature.forms().stream()
            .flatMap(List::stream)
            .distinct()
            .map(Argument::description)
            .toList(),
        signature.example().replace("_FUNC_", signature.name()),
        signature.result().lines().map(String::strip).reduce((a, b) -> a + "\n" + b).orElse(""));
  }
}
