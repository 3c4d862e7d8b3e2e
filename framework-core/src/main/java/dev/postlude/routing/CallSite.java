package dev.postlude.routing;

/** Where in a program something was written, for messages that name two places. */
final class CallSite {
  private static final StackWalker WALKER = StackWalker.getInstance();
  private static final String ROOM = CallSite.class.getPackageName() + ".";

  private CallSite() {}

  /** File and line of the nearest caller outside this package. */
  static String ofCaller() {
    return WALKER.walk(
        frames ->
            frames
                .filter(
                    frame ->
                        !frame.getClassName().startsWith(ROOM)
                            || frame.getClassName().endsWith("Test"))
                .findFirst()
                .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                .orElse("unknown place"));
  }
}
