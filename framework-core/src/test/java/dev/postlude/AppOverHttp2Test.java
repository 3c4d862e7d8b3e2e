package dev.postlude;

import dev.postlude.wire.Http2Wire;
import dev.postlude.wire.Wire;

/** The app over HTTP/2 in clear text, all requests of a test on one connection. */
class AppOverHttp2Test extends AppContract {

  @Override
  Wire open(App app) throws Exception {
    return new Http2Wire(app);
  }
}
