/** Models of pixels: fits, stored models, and which cluster a pixel has. */
package org.cytolake.clusters;
