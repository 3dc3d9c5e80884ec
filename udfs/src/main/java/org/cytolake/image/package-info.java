/** Images as values: pixel types, regions, label images. */
package org.cytolake.image;
