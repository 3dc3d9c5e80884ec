/** Which files make an image: listing, patterns and options. */
package org.cytolake.catalog;
