package spindle.backend.cpu;

import spindle.backend.Arguments;
import spindle.backend.Backend;
import spindle.backend.Executable;
import spindle.compile.Jvm;
import spindle.compile.Mode;
import spindle.ir.Program;

/**
 * Compiles programs to JVM classes: vectors where the JVM has them, plain loops elsewhere.
 *
 * @param mode how loops are written; never what they compute
 */
public record CpuBackend(Mode mode) implements Backend {
  /** The backend that suits this JVM. */
  public CpuBackend() {
    this(Jvm.preferred());
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String device() {
    return mode == Mode.VECTOR
        ? "cpu, " + Jvm.vectorBits().orElseThrow() + "-bit Vector API"
        : "cpu, plain loops";
  }

  @Override
  public Executable load(Program program, Arguments arguments) {
    // Vector code is slow until it is compiled, which a step or two never pay back.
    return new CpuExecutable(program, arguments, arguments.once() ? Mode.FUSED : mode);
  }
}
