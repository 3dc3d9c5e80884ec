/**
 * What a scan asks of its readers, and the reader of pixels: tiles, conditions, what is loaded of a
 * tile.
 */
package org.cytolake.source.read;
