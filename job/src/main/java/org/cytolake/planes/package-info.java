/** All that a task does with planes: rows of every table, label images and pictures of each. */
package org.cytolake.planes;
