/** SQL functions. */
package org.cytolake.sql;
