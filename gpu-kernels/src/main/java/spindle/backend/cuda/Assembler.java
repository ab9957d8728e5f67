package spindle.backend.cuda;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import jcuda.nvptxcompiler.JNvPTXCompiler;
import jcuda.nvptxcompiler.nvPTXCompilerHandle;

/** The PTX assembler that JCuda brings along. */
final class Assembler {
  static {
    Natives.loading(
        () -> {
          JNvPTXCompiler.setExceptionsEnabled(false);
          return 0;
        });
  }

  private Assembler() {}

  /** Machine code, and what the assembler says of registers and spills. */
  record Assembled(byte[] code, String info) {}

  /**
   * Assembles PTX; needs no driver and no device.
   *
   * @param architecture as in {@code sm_90}
   * @param more options of ptxas beside it
   * @throws IllegalArgumentException with the assembler's words if the text is wrong
   */
  static synchronized Assembled assemble(String ptx, String architecture, String... more) {
    byte[] text = ptx.getBytes(StandardCharsets.US_ASCII);
    var handle = new nvPTXCompilerHandle();
    int created = JNvPTXCompiler.nvPTXCompilerCreate(handle, text.length, text);
    if (created != 0) {
      throw new IllegalArgumentException("the PTX assembler does not start: " + created);
    }
    try {
      String[] options = Arrays.copyOf(more, more.length + 2);
      options[more.length] = "--gpu-name=" + architecture;
      options[more.length + 1] = "--verbose";
      int code = JNvPTXCompiler.nvPTXCompilerCompile(handle, options.length, options);
      if (code != 0) {
        throw new IllegalArgumentException(architecture + ": " + log(handle, false));
      }
      var size = new long[1];
      JNvPTXCompiler.nvPTXCompilerGetCompiledProgramSize(handle, size);
      var image = new byte[Math.toIntExact(size[0])];
      JNvPTXCompiler.nvPTXCompilerGetCompiledProgram(handle, image);
      return new Assembled(image, log(handle, true));
    } finally {
      JNvPTXCompiler.nvPTXCompilerDestroy(handle);
    }
  }

  private static String log(nvPTXCompilerHandle handle, boolean info) {
    var size = new long[1];
    if (info) {
      JNvPTXCompiler.nvPTXCompilerGetInfoLogSize(handle, size);
    } else {
      JNvPTXCompiler.nvPTXCompilerGetErrorLogSize(handle, size);
    }
    var text = new byte[Math.toIntExact(size[0]) + 1];
    if (info) {
      JNvPTXCompiler.nvPTXCompilerGetInfoLog(handle, text);
    } else {
      JNvPTXCompiler.nvPTXCompilerGetErrorLog(handle, text);
    }
    return new String(text, StandardCharsets.UTF_8).replace("\0", "").strip();
  }
}
