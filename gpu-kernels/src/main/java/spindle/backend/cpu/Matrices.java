package spindle.backend.cpu;

import java.lang.ref.SoftReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import spindle.compile.Jvm;
import spindle.ir.Rows;

/**
 * Makes matrices, and shares stored ones between the trials of a JVM: equal rows with equal
 * arguments are one matrix, which nobody writes.
 */
final class Matrices {
  private static final ConcurrentHashMap<Key, SoftReference<Csr>> STORED =
      new ConcurrentHashMap<>();

  private Matrices() {}

  private record Key(String body, int rows, int columns, boolean byPost, List<Double> arguments) {}

  /** The matrix of lowered rows. */
  static Matrix of(Rows rows, Map<String, Double> arguments) {
    double[] scalars =
        Jvm.parameters(rows).stream().mapToDouble(p -> argument(p, arguments)).toArray();
    if (rows.storage() == Rows.Storage.REGENERATED) {
      return new RegeneratedMatrix(rows, scalars);
    }
    var list = java.util.Arrays.stream(scalars).boxed().toList();
    var key = new Key(rows.body().toString(), rows.rows(), rows.columns(), rows.byPost(), list);
    long start = System.nanoTime();
    Csr csr = shared(key, rows, scalars);
    return new StoredMatrix(csr, (System.nanoTime() - start) * 1e-9);
  }

  private static Csr shared(Key key, Rows rows, double[] scalars) {
    Csr[] result = new Csr[1];
    STORED.compute(
        key,
        (k, before) -> {
          Csr known = before == null ? null : before.get();
          result[0] = known == null ? CsrBuilder.build(rows, scalars) : known;
          return known == null ? new SoftReference<>(result[0]) : before;
        });
    return result[0];
  }

  private static double argument(String name, Map<String, Double> arguments) {
    Double value = arguments.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no argument " + name);
    }
    return value;
  }
}
