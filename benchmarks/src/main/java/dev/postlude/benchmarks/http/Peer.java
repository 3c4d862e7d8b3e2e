package dev.postlude.benchmarks.http;

/**
 * A server with the endpoints that are compared: those of {@link Row}, with the content of {@link
 * Content}.
 */
public interface Peer {
  /** Starts to listen, and returns once it does. */
  void start(Setup setup) throws Exception;
}
