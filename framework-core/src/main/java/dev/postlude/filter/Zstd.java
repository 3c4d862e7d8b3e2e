package dev.postlude.filter;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.io.OutputStream;

/** The one place that knows zstd-jni, a library that need not be there. */
final class Zstd implements ContentCoding {
  private static final boolean PRESENT = load();

  private static boolean load() {
    try {
      Native.load();
      return Native.isLoaded();
    } catch (LinkageError absent) {
      return false;
    }
  }

  static boolean isPresent() {
    return PRESENT;
  }

  @Override
  public String token() {
    return "zstd";
  }

  @Override
  public OutputStream encode(OutputStream out, int level) throws IOException {
    return new ZstdOutputStreamNoFinalizer(out, level);
  }
}
