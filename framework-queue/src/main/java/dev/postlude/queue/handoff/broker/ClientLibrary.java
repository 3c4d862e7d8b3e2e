package dev.postlude.queue.handoff.broker;

/** A library that whoever wants it adds to the app. */
public enum ClientLibrary {
  AMQP("com.rabbitmq.client.ConnectionFactory", "com.rabbitmq:amqp-client"),
  REDIS("redis.clients.jedis.UnifiedJedis", "redis.clients:jedis");

  private final String type;
  private final String artifact;

  ClientLibrary(String type, String artifact) {
    this.type = type;
    this.artifact = artifact;
  }

  /**
   * Looks for it, before a class is touched that cannot do without.
   *
   * @throws IllegalStateException when it is not there; the message says what to add
   */
  public void require() {
    try {
      Class.forName(type, false, ClientLibrary.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      throw new IllegalStateException(
          "The client library is missing: add " + artifact + " to the app's dependencies.", e);
    }
  }
}
