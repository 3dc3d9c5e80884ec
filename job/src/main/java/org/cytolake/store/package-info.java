/** Tables in a folder or in Iceberg, to which a run commits all of its rows or none. */
package org.cytolake.store;
