package dev.postlude.routing;

/**
 * What a slash at the end of a request's path means when only the path without it, or only the one
 * with it, has a route.
 */
public enum TrailingSlash {
  /** They are different paths: 404. */
  STRICT,
  /** They are the same path. */
  IGNORE,
  /** The client is sent to the one that exists: 308. */
  REDIRECT
}
