/** Expectation and maximisation of mixtures of Gaussians, and the functions they need. */
package org.cytolake.gaussian;
