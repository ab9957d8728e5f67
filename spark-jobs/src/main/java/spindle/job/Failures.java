package spindle.job;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import spindle.backend.cuda.CudaError;
import spindle.backend.cuda.SharedFailure;
import spindle.result.Digests;
import spindle.result.Failure;

/** Turns what a trial threw into a failure that can be grouped, read and decided upon. */
final class Failures {
  private static final int STACK_CHARS = 16 << 10;
  private static final int MESSAGE_CHARS = 2 << 10;
  private static final int TOP_FRAMES = 5;

  private Failures() {}

  static Failure of(Throwable what) {
    Throwable thrown = what instanceof SharedFailure ? what.getCause() : what;
    String message = thrown.getMessage() == null ? "" : thrown.getMessage();
    String text = thrown.getClass().getSimpleName() + (message.isEmpty() ? "" : ": " + message);
    Failure.Kind kind = kind(thrown);
    String readable =
        switch (kind) {
          case CONFIG -> message.isEmpty() ? text : message;
          case OOM_HOST -> text + "; " + Heap.remedy();
          case OOM_DEVICE, CUDA_FATAL, DIVERGED, TIMEOUT, EXECUTOR_LOST, IO, BUG -> text;
        };
    return new Failure(
        kind, fingerprint(thrown), cut(readable, MESSAGE_CHARS), cut(stack(thrown), STACK_CHARS));
  }

  private static Failure.Kind kind(Throwable thrown) {
    if (thrown instanceof IllegalArgumentException) {
      return Failure.Kind.CONFIG;
    }
    if (thrown instanceof CudaError e && (e.isOutOfMemory() || e.isFatal())) {
      return e.isFatal() ? Failure.Kind.CUDA_FATAL : Failure.Kind.OOM_DEVICE;
    }
    if (thrown instanceof OutOfMemoryError) {
      return Failure.Kind.OOM_HOST;
    }
    if (thrown instanceof IOException || thrown instanceof UncheckedIOException) {
      return Failure.Kind.IO;
    }
    return Failure.Kind.BUG;
  }

  /** Class and top frames; where memory or stack ran out is chance, so there only the class. */
  private static String fingerprint(Throwable thrown) {
    String frames =
        thrown instanceof VirtualMachineError
            ? ""
            : Arrays.stream(thrown.getStackTrace())
                .limit(TOP_FRAMES)
                .map(f -> f.getClassName() + "." + f.getMethodName())
                .collect(Collectors.joining("\n"));
    return Digests.text(thrown.getClass().getName() + "\n" + frames).substring(0, 16);
  }

  private static String stack(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private static String cut(String text, int chars) {
    return text.length() <= chars ? text : text.substring(0, chars);
  }
}
