package dev.postlude;

import dev.postlude.wire.Http2Wire;
import dev.postlude.wire.SelfSigned;
import dev.postlude.wire.Wire;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The app behind TLS, over HTTP/2. */
class AppOverHttp2TlsTest extends AppContract {
  @TempDir private static Path folder;
  private static SelfSigned self;

  @BeforeAll
  static void certificate() throws Exception {
    self = SelfSigned.in(folder);
  }

  @Override
  Wire open(App app) throws Exception {
    return new Http2Wire(app, self);
  }
}
