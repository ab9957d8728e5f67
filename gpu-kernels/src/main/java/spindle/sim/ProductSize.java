package spindle.sim;

import spindle.connect.Connectivity;
import spindle.ir.Rows;
import spindle.sim.Product.Form;
import spindle.sim.Product.Weights;

/** Whether what a product holds fits arrays and the heap, before any of it is there. */
final class ProductSize {
  /**
   * Share of the heap that a matrix may take at least, or it is regenerated if nobody stores it.
   */
  private static final double SPARED = 0.25;

  private ProductSize() {}

  /**
   * The rows, kept as they can be.
   *
   * @throws IllegalArgumentException if they cannot as the form wants it, with value and remedy
   */
  static Rows fitting(Form form, Rows rows) {
    int sources = form.direction().sources(rows);
    int targets = form.direction().targets(rows);
    requireVector(form, "sources", sources);
    requireVector(form, "targets", targets);
    Connectivity.requireMemory(
        "vectors of %d sources and %d targets times a batch of %d take"
            .formatted(sources, targets, form.batch()),
        ((double) sources + targets) * form.batch() * Float.BYTES,
        "take fewer neurons or smaller batches");
    boolean numbered = form.weights() == Weights.PER_SYNAPSE;
    if (!numbered && rows.storage() == Rows.Storage.REGENERATED) {
      return rows;
    }
    double synapses = form.connectivity().expectedSynapses();
    double bytes = synapses * bytesPerSynapse(form, rows);
    boolean spare =
        synapses > Connectivity.LONGEST || bytes > SPARED * Runtime.getRuntime().maxMemory();
    if (!numbered && rows.storage() == Rows.Storage.AUTO) {
      return spare ? regenerated(form) : rows;
    }
    String remedy = numbered ? "draw weights from a law and regenerate" : "use regenerated storage";
    if (synapses > Connectivity.LONGEST) {
      throw new IllegalArgumentException(
          "%s of %d x %d would be %.4g, and an array holds %d; %s"
              .formatted(
                  what(numbered), rows.pre(), rows.post(), synapses, Connectivity.LONGEST, remedy));
    }
    String take = "%s of %d x %d take".formatted(what(numbered), rows.pre(), rows.post());
    Connectivity.requireMemory("%.4g %s".formatted(synapses, take), bytes, remedy);
    return rows;
  }

  private static Rows regenerated(Form form) {
    return form.connectivity().rows(Product.ROWS, Rows.Storage.REGENERATED);
  }

  private static String what(boolean numbered) {
    return numbered ? "weights by synapse" : "stored synapses";
  }

  /**
   * At least: a column while rows are walked; a weight of a law there and where it is kept; of
   * weights by synapse those that are set and those that are kept, with delays the order too.
   */
  private static int bytesPerSynapse(Form form, Rows rows) {
    if (form.weights() != Weights.PER_SYNAPSE) {
      return rows.weighted() ? 12 : 4;
    }
    boolean ordered = rows.delayed() && GivenWeights.of(form.connectivity()).isPresent();
    return ordered ? 12 : 8;
  }

  private static void requireVector(Form form, String what, int neurons) {
    if ((long) neurons * form.batch() > Connectivity.LONGEST) {
      throw new IllegalArgumentException(
          "%d %s times a batch of %d exceed %d elements; use smaller batches"
              .formatted(neurons, what, form.batch(), Connectivity.LONGEST));
    }
  }

  /** As the length of an array. */
  static int length(long synapses) {
    if (synapses > Connectivity.LONGEST) {
      throw new IllegalArgumentException(
          "at most " + Connectivity.LONGEST + " synapses have a weight each, got " + synapses);
    }
    return (int) synapses;
  }
}
