/** Configuration and the errors that a user can mend. */
package org.cytolake.config;
