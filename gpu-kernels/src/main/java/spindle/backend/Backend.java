package spindle.backend;

import spindle.ir.Program;

/** Something that runs programs. */
public interface Backend {
  /** As in {@code execution.backend}: {@code cpu}. */
  String name();

  /** What it runs on, for people: {@code cpu, 512-bit vectors}. */
  String device();

  /** Makes a program ready to run, with all state zero. */
  Executable load(Program program, Arguments arguments);
}
