/** The steps of the job, each from DataFrame to DataFrame, and the pipeline that joins them. */
package org.cytolake.stage;
