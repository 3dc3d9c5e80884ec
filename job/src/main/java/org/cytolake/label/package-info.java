/** Label images: what the tables say of nuclei and clusters, painted pixel by pixel. */
package org.cytolake.label;
