package dev.postlude;

import dev.postlude.wire.Http1Wire;
import dev.postlude.wire.SelfSigned;
import dev.postlude.wire.Wire;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The app behind TLS, over HTTP/1.1. */
class AppOverTlsTest extends AppContract {
  @TempDir private static Path folder;
  private static SelfSigned self;

  @BeforeAll
  static void certificate() throws Exception {
    self = SelfSigned.in(folder);
  }

  @Override
  Wire open(App app) throws Exception {
    return new Http1Wire(app, self);
  }
}
