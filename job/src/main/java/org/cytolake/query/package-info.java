/** SQL over the tables of an output and over images: views, results as text, errors in words. */
package org.cytolake.query;
