package org.cytolake.field;

import java.io.Serializable;

/**
 * Something about an image, or what was found in it, that makes one doubt its figures.
 *
 * @param code kind of warning, for programs
 * @param message what was seen
 * @param remedy what to try
 */
public record Warning(String code, String message, String remedy) implements Serializable {}
