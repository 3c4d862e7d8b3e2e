package dev.postlude.benchmarks.http;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * The main program of a child JVM: starts one peer and answers its parent's questions, a line each.
 * It ends with its parent, whose end closes the standard input.
 */
public final class PeerProcess {
  /** What an answer begins with; other lines are the peer talking to itself. */
  static final String MARK = "= ";

  private PeerProcess() {}

  /** Arguments: class of the peer, its mode, the port. */
  public static void main(String[] arguments) throws Exception {
    TaskCount tasks = new TaskCount();
    int loops = Runtime.getRuntime().availableProcessors();
    Peer peer =
        Class.forName(arguments[0]).asSubclass(Peer.class).getDeclaredConstructor().newInstance();
    peer.start(new Setup(Integer.parseInt(arguments[2]), loops, arguments[1], tasks));
    var questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String question; (question = questions.readLine()) != null; ) {
      System.out.println(MARK + answer(question, tasks));
    }
    Runtime.getRuntime().halt(0);
  }

  private static String answer(String question, TaskCount tasks) throws InterruptedException {
    return switch (question) {
      case "tasks" -> tasks.asked() + " " + tasks.done();
      case "heap" -> Long.toString(heapAfterCollection());
      default -> "?";
    };
  }

  /** What is still reachable, in bytes; more than one collection, since cleaners run in between. */
  private static long heapAfterCollection() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
