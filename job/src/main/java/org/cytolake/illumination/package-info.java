/** Illumination functions: made of many images, kept in files, taken out of planes. */
package org.cytolake.illumination;
