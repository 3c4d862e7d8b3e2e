package dev.postlude.background;

/** Which outcomes of the response a task runs after. */
public enum RunWhen {

  /** After every outcome: the default. */
  ALWAYS,

  /** Only after {@link Outcome#SENT}. */
  SENT,

  /** Only when the response was not sent whole: for compensation. */
  NOT_SENT;

  boolean allows(Outcome outcome) {
    return this == ALWAYS || (this == SENT) == (outcome == Outcome.SENT);
  }
}
