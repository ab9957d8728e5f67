package spindle.backend;

/** A program bound to arguments and memory; used by one thread at a time. */
public interface Executable extends AutoCloseable {
  /** Runs steps {@code from}, {@code from + 1}, ... */
  void run(int from, int steps);

  /** Copies elements of a variable out. */
  void read(String variable, int[] indices, double[] out);

  /** Replaces a whole variable; scalars have one element. */
  void write(String variable, double[] values);

  /** Replaces a whole float32 vector. */
  void write(String variable, float[] values);

  /** Copies a whole float32 vector out. */
  void read(String variable, float[] out);

  /** Copies the variables of a snapshot out, as they are before {@code step}. */
  void save(Snapshot to, int step);

  /**
   * Replaces variables by those of a snapshot, as they are to be before {@code step}; what the
   * program does not have is passed over.
   */
  void restore(Snapshot from, int step);

  /** The logged events of a variable since the log was last cleared. */
  EventLog log(String variable);

  /** Where the first NaN or infinite element of a variable is, or -1. */
  int firstNonFinite(String variable);

  /** Number of synapses of some rows; walks regenerated ones. */
  long synapses(String rows);

  /** Number of synapses per presynaptic neuron of some rows; walks regenerated ones. */
  int[] outDegrees(String rows);

  /** Memory held by state and connectivity [B]. */
  long bytes();

  /** Seconds spent compiling. */
  double compileSeconds();

  @Override
  void close();
}
