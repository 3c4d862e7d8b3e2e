package dev.postlude.benchmarks.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * What goes back and forth. JSON is made by the same library, Jackson 3, for all: it is not what is
 * compared.
 */
public final class Content {
  /** What {@link Row#PLAINTEXT} answers. */
  public static final String TEXT = "Hello, World!";

  /** What {@link Row#TASK} answers. */
  public static final String ACCEPTED = "accepted";

  /** How many routes {@link Row#ROUTED} chooses from: {@code /area0/items/{id}} and so on. */
  public static final int AREAS = 50;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final ObjectWriter MESSAGE_WRITER = MAPPER.writerFor(Message.class);
  private static final ObjectWriter ORDER_WRITER = MAPPER.writerFor(Order.class);
  private static final ObjectReader ORDER_READER = MAPPER.readerFor(Order.class);

  private Content() {}

  /** What {@link Row#JSON} answers. */
  public record Message(String message) {}

  /** What {@link Row#ECHO} takes and gives back. */
  public record Order(long id, String customer, List<Item> items, String note) {}

  /** A line of an order. */
  public record Item(String sku, int count, double price) {}

  static final Order ORDER =
      new Order(
          4711,
          "Ada Lovelace",
          List.of(
              new Item("gear-12", 96, 0.75),
              new Item("axle-3", 12, 4.2),
              new Item("card", 1000, 0.01)),
          "not before noon");

  /** The message as a document, made anew for every request. */
  public static byte[] messageJson() {
    return MESSAGE_WRITER.writeValueAsBytes(new Message(TEXT));
  }

  public static byte[] orderJson(Order order) {
    return ORDER_WRITER.writeValueAsBytes(order);
  }

  public static Order order(byte[] json) {
    return ORDER_READER.readValue(json);
  }

  static String orderText() {
    return new String(orderJson(ORDER), StandardCharsets.UTF_8);
  }
}
