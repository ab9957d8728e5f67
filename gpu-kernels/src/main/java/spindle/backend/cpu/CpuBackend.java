package spindle.backend.cpu;

import spindle.backend.Arguments;
import spindle.backend.Backend;
import spindle.backend.Executable;
import spindle.compile.Jvm;
import spindle.compile.Mode;
import spindle.ir.DType;
import spindle.ir.Program;
import spindle.ir.Rows;

/**
 * Compiles programs to JVM classes: vectors where the JVM has them, plain loops elsewhere.
 *
 * @param first how loops are written that run until the JVM has compiled those of {@code mode}
 * @param mode how loops are written; never what they compute
 * @param threads that share one program; never what they compute
 */
public record CpuBackend(Mode first, Mode mode, int threads) implements Backend {
  public CpuBackend {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("threads must be in [1, 1024], got " + threads);
    }
  }

  /** Loops of one kind from the first step on. */
  public CpuBackend(Mode mode, int threads) {
    this(mode, mode, threads);
  }

  /** One thread. */
  public CpuBackend(Mode mode) {
    this(mode, 1);
  }

  /** The backend that suits this JVM: it begins plain, as vectors are slow until compiled. */
  public CpuBackend(int threads) {
    this(Mode.PLAIN, Jvm.preferred(), threads);
  }

  /** The backend that suits this JVM, with one thread: sweeps run a trial on each core. */
  public CpuBackend() {
    this(1);
  }

  /** Whether the rows of a projection onto so many neurons are regenerated rather than stored. */
  public static boolean regenerates(Rows.Storage storage, int posts, Mode mode) {
    return Matrices.isRegenerated(storage, posts, mode);
  }

  /**
   * Size of a stored synapse of a projection with one weight [B].
   *
   * @param posts neurons of the projection's target
   * @param state type of its state: spikes are counted in float32 alone
   */
  public static int synapseBytes(int posts, DType state) {
    boolean narrow = posts <= Csr.NARROW;
    return narrow && state == DType.F32 ? Character.BYTES : narrow ? 6 : Integer.BYTES;
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String device() {
    return switch (mode) {
      case PLAIN, FUSED, THREADS -> "cpu, plain loops";
      case VECTOR -> "cpu, " + Jvm.vectorBits().orElseThrow() + "-bit Vector API";
      case LONG -> "cpu, plain loops, slow ones by the Vector API";
    };
  }

  @Override
  public Executable load(Program program, Arguments arguments) {
    // What runs a step or two never pays back costly compilation.
    CpuBackend how = arguments.once() ? new CpuBackend(Mode.FUSED, 1) : this;
    return new CpuExecutable(program, arguments, how);
  }
}
