package dev.postlude;

import dev.postlude.wire.Http1Wire;
import dev.postlude.wire.Wire;

/** The app behind a real socket, all requests of a test on one connection. */
class AppOverSocketTest extends AppContract {
  @Override
  Wire open(App app) throws Exception {
    return new Http1Wire(app);
  }
}
