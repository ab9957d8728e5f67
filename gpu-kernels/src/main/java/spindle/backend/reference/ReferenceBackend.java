package spindle.backend.reference;

import spindle.backend.Arguments;
import spindle.backend.Backend;
import spindle.backend.Executable;
import spindle.ir.Program;

/** The plain interpreter: slow, obvious, and the definition that every backend is judged by. */
public final class ReferenceBackend implements Backend {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String device() {
    return "interpreter";
  }

  @Override
  public Executable load(Program program, Arguments arguments) {
    return new Interpreter(program, arguments);
  }
}
