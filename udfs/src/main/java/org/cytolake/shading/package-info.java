/** Illumination functions: how uneven the light is over the field, and pixels without that. */
package org.cytolake.shading;
