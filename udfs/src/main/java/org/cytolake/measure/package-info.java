/** Shape and intensity of labelled objects. */
package org.cytolake.measure;
