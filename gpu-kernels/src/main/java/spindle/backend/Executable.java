package spindle.backend;

/** A program bound to arguments and memory; used by one thread at a time. */
public interface Executable extends AutoCloseable {
  /** Runs steps {@code from}, {@code from + 1}, ... */
  void run(int from, int steps);

  /**
   * Copies elements of a variable out. Events have one element per neuron and step of their
   * history, oldest first: 1 where a neuron spiked, else 0.
   *
   * @throws IndexOutOfBoundsException if an index is not one of an element
   */
  void read(String variable, int[] indices, double[] out);

  /**
   * Replaces a whole variable; scalars have one element, events those that can be read.
   *
   * @throws IllegalArgumentException if the variable has another number of elements
   */
  void write(String variable, double[] values);

  /**
   * Replaces a whole float32 vector.
   *
   * @throws IllegalArgumentException if the variable is another type or has another length
   */
  void write(String variable, float[] values);

  /**
   * Copies a whole float32 vector out.
   *
   * @throws IllegalArgumentException if the variable is another type or has another length
   */
  void read(String variable, float[] out);

  /** Copies the variables of a snapshot out. */
  void save(Snapshot to);

  /**
   * Replaces variables by those of a snapshot; what the program does not have is passed over. Of
   * events that reach further back here no neuron has fired.
   *
   * @throws IllegalArgumentException if a variable of the program is of another type there
   */
  void restore(Snapshot from);

  /**
   * The logged events of a variable since the log was last cleared.
   *
   * @throws java.util.NoSuchElementException if the variable is not recorded
   */
  EventLog log(String variable);

  /** Where the first NaN or infinite element of a variable is, or -1; events have none. */
  int firstNonFinite(String variable);

  /** Number of synapses of some rows; walks regenerated ones. */
  long synapses(String rows);

  /** Number of synapses per presynaptic neuron of some rows; walks regenerated ones. */
  int[] outDegrees(String rows);

  /** Memory held by state and connectivity [B]. */
  long bytes();

  /** Memory held by some rows, a part of {@link #bytes()} [B]. */
  long bytes(String rows);

  /** How it is spread over its device; empty where there is only one way. */
  default String shape() {
    return "";
  }

  /** Seconds spent compiling. */
  double compileSeconds();

  @Override
  void close();
}
