/**
 * The report: a folder of HTML that says what the tables hold, with pictures of the images. Rows of
 * the tables are brought together image by image in Spark tasks, which also draw the pictures; the
 * page's own script draws the plots from the data in the page.
 */
package org.cytolake.report;
