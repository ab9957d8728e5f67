package spindle.backend.cpu;

/** A compiled stage. */
interface Work {
  /** Does its part of a step. */
  void run(int step);
}
