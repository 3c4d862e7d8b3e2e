/**
 * Requests that were written well and then spoilt, in masses and by a seed: what a server makes of
 * them.
 */
package dev.postlude.fuzz;
