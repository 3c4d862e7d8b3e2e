package dev.postlude.examples;

import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Lines with the time of day in the terminal, to see what happened when. */
final class Timeline {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  private Timeline() {}

  static void say(String what) {
    System.out.println(LocalTime.now(ZoneId.systemDefault()).format(TIME) + "  " + what);
  }
}
