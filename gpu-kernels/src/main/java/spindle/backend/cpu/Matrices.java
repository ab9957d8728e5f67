package spindle.backend.cpu;

import java.lang.ref.SoftReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import spindle.compile.Mode;
import spindle.compile.RowLoop;
import spindle.ir.Rows;

/**
 * Makes matrices, and shares stored ones between the trials of a JVM: equal rows with equal
 * arguments are one matrix, which nobody writes.
 */
final class Matrices {
  private static final ConcurrentHashMap<List<Object>, SoftReference<Csr>> STORED =
      new ConcurrentHashMap<>();

  private Matrices() {}

  /**
   * The matrix of some rows.
   *
   * @param numbered whether a program tells their synapses apart, so that they must be stored
   */
  static Matrix of(Rows rows, boolean numbered, Map<String, Double> arguments, Mode mode) {
    long start = System.nanoTime();
    boolean gathered = rows.byPost() && rows.storage() == Rows.Storage.AUTO;
    if (!numbered && !gathered && isRegenerated(rows.storage(), rows.columns(), mode)) {
      return new RegeneratedMatrix(rows, () -> new RowLoop(rows, arguments, mode));
    }
    // A matrix is built once, mostly in a cold process: one plain loop is soonest done.
    var loop = new RowLoop(rows, arguments, Mode.FUSED);
    List<Object> key =
        List.of(
            rows.body().toString(),
            rows.tables(),
            rows.rows(),
            rows.columns(),
            rows.byPost(),
            rows.longest(),
            loop.arguments());
    Csr csr = shared(key, rows, loop);
    var stored = new StoredMatrix(rows.name(), csr, (System.nanoTime() - start) * 1e-9);
    return rows.delayed() ? new StoredDelays(stored, rows.longest()) : stored;
  }

  /**
   * Left the choice, vectors regenerate rows about as fast as memory delivers them once targets and
   * synapses outgrow the caches, and need not build them; plain loops give up storing only for its
   * size.
   */
  static boolean isRegenerated(Rows.Storage storage, int columns, Mode mode) {
    return switch (storage) {
      case STORED -> false;
      case REGENERATED -> true;
      case AUTO -> columns > (mode == Mode.VECTOR || mode == Mode.LONG ? 40_000 : 1_000_000);
    };
  }

  private static Csr shared(List<Object> key, Rows rows, RowLoop loop) {
    STORED.values().removeIf(matrix -> matrix.refersTo(null)); // a sweep leaves two keys per trial
    Csr[] result = new Csr[1];
    STORED.compute(
        key,
        (k, before) -> {
          Csr known = before == null ? null : before.get();
          result[0] = known == null ? CsrBuilder.build(rows, loop) : known;
          return known == null ? new SoftReference<>(result[0]) : before;
        });
    return result[0];
  }
}
