package spindle.backend.cuda;

import java.util.Optional;
import spindle.backend.Arguments;
import spindle.backend.Backend;
import spindle.backend.Executable;
import spindle.compile.ptx.Kernels.Shape;
import spindle.ir.Program;

/**
 * Runs programs on a GPU.
 *
 * @param on the device
 * @param wanted how programs are spread over it; where empty, by their size
 */
public record CudaBackend(Device on, Optional<Shape> wanted) implements Backend {
  /** The backend of a device, with the shape that suits each program. */
  public CudaBackend(Device on) {
    this(on, Optional.empty());
  }

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public String device() {
    return on + wanted.map(s -> ", " + s).orElse("");
  }

  @Override
  public Executable load(Program program, Arguments arguments) {
    return Convoy.load(program, arguments, this);
  }
}
