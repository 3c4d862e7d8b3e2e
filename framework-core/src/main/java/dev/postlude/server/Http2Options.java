package dev.postlude.server;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * What an HTTP/2 connection allows its client, besides what holds for every protocol. Most of it
 * bounds frames that cost the client nothing and the server something (RFC 9113 section 10.5); one
 * more than allowed ends the connection with {@code ENHANCE_YOUR_CALM}. Immutable: what changes it
 * makes a copy.
 *
 * @param maxStreams how many requests may be under way; more are refused with {@code
 *     REFUSED_STREAM}
 * @param maxResets how many streams a client may reset, or make the server reset, within the window
 * @param resetWindow how long resets count, in whole seconds
 * @param maxContinuations how many small {@code CONTINUATION} frames may follow each other; how
 *     large a head may be is limited by {@link ServerOptions#maxHead(int)}
 * @param maxEmptyData how many {@code DATA} frames without content may follow each other
 * @param maxAnswers how many answers to {@code PING} and {@code SETTINGS} may wait for a client
 *     that does not read them
 * @param upgrade whether a connection in clear text may begin with HTTP/1.1 and go over by {@code
 *     Upgrade: h2c}, which RFC 9113 has given up: a proxy that passes the field on passes on unseen
 *     all that follows. What a proxy has marked as passed on does not go over in any case. Who
 *     begins with HTTP/2, by prior knowledge or ALPN, needs none of it
 */
public record Http2Options(
    int maxStreams,
    int maxResets,
    Duration resetWindow,
    int maxContinuations,
    int maxEmptyData,
    int maxAnswers,
    boolean upgrade) {
  private static final Http2Options DEFAULTS =
      new Http2Options(100, 100, Duration.ofSeconds(30), 16, 2, 1_000, false);

  /**
   * Options.
   *
   * @throws IllegalArgumentException when a value is out of bounds
   */
  public Http2Options {
    Bounds.positive("maxStreams", maxStreams);
    Bounds.positive("maxResets", maxResets);
    Bounds.positive("resetWindow", resetWindow);
    Bounds.positive("maxContinuations", maxContinuations);
    Bounds.positive("maxEmptyData", maxEmptyData);
    Bounds.positive("maxAnswers", maxAnswers);
    if (!resetWindow.equals(resetWindow.truncatedTo(ChronoUnit.SECONDS))) {
      throw new IllegalArgumentException(
          "resetWindow is a whole number of seconds, not " + resetWindow);
    }
  }

  /**
   * 100 streams; 100 resets in 30 seconds; 16 small {@code CONTINUATION} and 2 empty {@code DATA}
   * frames in a row; 1,000 answers that wait; {@code Upgrade: h2c} is passed over.
   */
  public static Http2Options defaults() {
    return DEFAULTS;
  }

  /** A copy that allows so many requests at a time. */
  public Http2Options maxStreams(int streams) {
    return new Http2Options(
        streams, maxResets, resetWindow, maxContinuations, maxEmptyData, maxAnswers, upgrade);
  }

  /** A copy that allows so many resets within the window. */
  public Http2Options maxResets(int resets) {
    return new Http2Options(
        maxStreams, resets, resetWindow, maxContinuations, maxEmptyData, maxAnswers, upgrade);
  }

  /** A copy that counts resets within so many seconds. */
  public Http2Options resetWindow(Duration time) {
    return new Http2Options(
        maxStreams, maxResets, time, maxContinuations, maxEmptyData, maxAnswers, upgrade);
  }

  /** A copy that allows so many small {@code CONTINUATION} frames in a row. */
  public Http2Options maxContinuations(int frames) {
    return new Http2Options(
        maxStreams, maxResets, resetWindow, frames, maxEmptyData, maxAnswers, upgrade);
  }

  /** A copy that allows so many empty {@code DATA} frames in a row. */
  public Http2Options maxEmptyData(int frames) {
    return new Http2Options(
        maxStreams, maxResets, resetWindow, maxContinuations, frames, maxAnswers, upgrade);
  }

  /** A copy that lets so many answers wait. */
  public Http2Options maxAnswers(int frames) {
    return new Http2Options(
        maxStreams, maxResets, resetWindow, maxContinuations, maxEmptyData, frames, upgrade);
  }

  /** A copy that grants {@code Upgrade: h2c}, or passes it over. */
  public Http2Options upgrade(boolean granted) {
    return new Http2Options(
        maxStreams, maxResets, resetWindow, maxContinuations, maxEmptyData, maxAnswers, granted);
  }
}
