/** StarDist in two dimensions: from a network's prediction to a label image. */
package org.cytolake.stardist;
