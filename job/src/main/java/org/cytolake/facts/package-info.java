/** What the report knows of an image: the rows of the tables that it shows, column by column. */
package org.cytolake.facts;
