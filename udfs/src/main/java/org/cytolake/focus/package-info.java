/** How sharp, how even and how textured a plane is. Plain mathematics; no Spark. */
package org.cytolake.focus;
