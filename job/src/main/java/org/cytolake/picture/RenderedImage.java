package org.cytolake.picture;

import java.util.List;
import java.util.Map;
import org.cytolake.facts.ImageKey;

/**
 * What the report shows of one image.
 *
 * @param tree what becomes JSON, but for the example cells
 * @param thumbnail a JPEG file; null where the pixels could not be read
 * @param tiles a JPEG file of all channels one below the other; null like the thumbnail
 * @param cells examples cut out of it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RenderedImage(
    ImageKey key,
    Map<String, Object> tree,
    byte[] thumbnail,
    byte[] tiles,
    List<Gallery.Cell> cells) {}
