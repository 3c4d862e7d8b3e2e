package dev.postlude.queue.handoff.python;

/**
 * What a Python function is called with, made from a payload: an object becomes named arguments, an
 * array positional ones, and anything else the only one.
 *
 * @param positional a JSON array
 * @param named a JSON object
 */
record Arguments(String positional, String named) {
  static Arguments of(String payload) {
    String json = payload.strip();
    if (json.startsWith("{")) {
      return new Arguments("[]", json);
    }
    return new Arguments(json.startsWith("[") ? json : "[" + json + "]", "{}");
  }
}
