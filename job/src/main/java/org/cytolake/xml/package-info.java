/** XML parsers that read nothing but the document they are given. */
package org.cytolake.xml;
