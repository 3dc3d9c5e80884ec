package org.cytolake.picture;

/**
 * A picture in the report.
 *
 * @param id what it shows, for the page's script: {@code composite}, {@code channel}, ...
 * @param title a few words
 * @param caption what one sees and how it was made
 * @param type png or jpeg
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Picture(
    String id, String title, String caption, String type, byte[] bytes, int width, int height) {}
