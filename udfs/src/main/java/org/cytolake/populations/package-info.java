/** How many populations pixels are of, where neighbouring pixels are alike. */
package org.cytolake.populations;
