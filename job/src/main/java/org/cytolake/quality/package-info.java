/** Which images can be trusted: measures of every plane, and flags by comparison with its plate. */
package org.cytolake.quality;
