package dev.postlude.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.background.TaskGroup;
import dev.postlude.http.BodyOptions;
import dev.postlude.http.JsonOptions;
import dev.postlude.http.MultipartOptions;
import dev.postlude.http.WebSocketOptions;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of limits in the documentation says what the code does. */
class LimitsTableTest {
  private static final Path TABLE = Path.of("..", "docs", "limits.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `([A-Za-z0-9.]+)` \\| ([0-9,]+)(?: (KiB|MiB|s))? \\|.*");

  /** What has another default on every machine, or is no limit. */
  private static final Set<String> NO_LIMITS =
      Set.of("port", "eventLoops", "MultipartOptions.maxPart", "MultipartOptions.maxTotal");

  private static final Set<Class<?>> KINDS = Set.of(int.class, long.class, Duration.class);

  /** Whose rows stand there with the name of their type. */
  private static final Map<String, Object> OWNERS =
      Map.of(
          "Http1Options", Http1Options.defaults(),
          "Http2Options", Http2Options.defaults(),
          "TaskGroup", TaskGroup.DEFAULT,
          "BodyOptions", BodyOptions.defaults(),
          "JsonOptions", JsonOptions.defaults(),
          "MultipartOptions", MultipartOptions.defaults(),
          "WebSocketOptions", WebSocketOptions.defaults());

  private static Map<String, Object> rows() throws Exception {
    Map<String, Object> rows = new TreeMap<>();
    for (String line : Files.readAllLines(TABLE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.put(row.group(1), value(Long.parseLong(row.group(2).replace(",", "")), row.group(3)));
      }
    }
    return rows;
  }

  private static Object value(long number, String unit) {
    return switch (unit == null ? "" : unit) {
      case "s" -> Duration.ofSeconds(number);
      case "KiB" -> number * 1024;
      case "MiB" -> number * 1024 * 1024;
      default -> number;
    };
  }

  private static Object read(Object options, String name) throws Exception {
    Object value = options.getClass().getMethod(name).invoke(options);
    return value instanceof Integer number ? (Object) number.longValue() : value;
  }

  @Test
  void everyRowIsTrue() throws Exception {
    Map<String, Object> actual = new TreeMap<>();
    for (String row : rows().keySet()) {
      List<String> parts = List.of(row.split("\\."));
      Object owner = parts.size() == 1 ? ServerOptions.onPort(0) : OWNERS.get(parts.get(0));
      actual.put(row, read(owner, parts.get(parts.size() - 1)));
    }

    assertThat(actual).isEqualTo(rows()).hasSizeGreaterThan(20);
  }

  @Test
  void noOptionIsMissing() throws Exception {
    Set<String> options = numbers(ServerOptions.class, "");
    for (Map.Entry<String, Object> owner : OWNERS.entrySet()) {
      options.addAll(numbers(owner.getValue().getClass(), owner.getKey() + "."));
    }
    options.removeAll(NO_LIMITS);

    assertThat(rows().keySet()).containsAll(options);
  }

  /** What takes a number or a time and makes a copy. */
  private static Set<String> numbers(Class<?> owner, String prefix) {
    Set<String> options = new TreeSet<>();
    for (Method method : owner.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers())
          && !Modifier.isStatic(method.getModifiers())
          && method.getParameterCount() == 1
          && method.getReturnType() == owner
          && KINDS.contains(method.getParameterTypes()[0])) {
        options.add(prefix + method.getName());
      }
    }
    return options;
  }
}
