/** One run, from the listing of images to the commit of the tables, and what it says meanwhile. */
package org.cytolake.run;
