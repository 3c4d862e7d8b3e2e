package dev.postlude.background;

/** What became of a response, as far as its sender can know. */
public enum Outcome {

  /** Not known yet: the tasks have been taken on, the response is not written. */
  PENDING,

  /**
   * The last byte was accepted by the kernel's socket buffer. That is not "received by the client":
   * nobody can know that.
   */
  SENT,

  /** The client was gone before the last byte was written. */
  DISCONNECTED,

  /** No whole response could be written, and not because the client had gone. */
  FAILED
}
