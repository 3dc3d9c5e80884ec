/** The words of the job: fields of view, image files, headers, failures, sample types. */
package org.cytolake.field;
