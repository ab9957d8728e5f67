package spindle.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import spindle.backend.Backend;
import spindle.connect.AllToAll;
import spindle.ir.Direction;
import spindle.ir.Rows;
import spindle.sim.Backends;
import spindle.sim.Product;

/** Times the product of a full float32 matrix with a batch: n x n by n x n, packing included. */
final class SgemmBench {
  static final Set<String> OPTIONS = Set.of("sizes", "rounds", "warm", "seconds", "backend");

  private final Options options;
  private final Backend backend;
  private final int rounds;

  SgemmBench(Options options) {
    this.options = options;
    this.backend = Backends.named(options.text("backend", "auto"));
    this.rounds = options.count("rounds", 5, 1);
  }

  void run(Consumer<Map<String, Object>> print) {
    options.counts("sizes", "512").forEach(n -> print.accept(measure(n)));
  }

  private Map<String, Object> measure(int n) {
    var form =
        new Product.Form(
            new AllToAll(n, n),
            Direction.ALONG,
            Product.Input.VECTOR,
            n,
            Rows.Storage.STORED,
            Product.Weights.PER_SYNAPSE);
    try (var product = new Product(form, 1, backend)) {
      var random = new Random(1);
      float[] x = gaussian(n * n, random);
      product.weights(gaussian(n * n, random));
      int calls = warm(product, x);
      var gflops = new double[rounds];
      for (int r = 0; r < rounds; r++) {
        long start = System.nanoTime();
        for (int k = 0; k < calls; k++) {
          product.multiply(x);
        }
        gflops[r] = 2.0 * n * n * n * calls / (System.nanoTime() - start);
      }
      Arrays.sort(gflops);
      Map<String, Object> line = line(n, gflops);
      line.put("held_bytes", product.bytes());
      return line;
    }
  }

  /** Runs until compiled; how many calls make a round. */
  private int warm(Product product, float[] x) {
    long begin = System.nanoTime();
    long last = 1;
    while (System.nanoTime() - begin < options.number("warm", 2) * 1e9) {
      long start = System.nanoTime();
      product.multiply(x);
      last = System.nanoTime() - start;
    }
    return (int) Math.max(1, options.number("seconds", 0.2) * 1e9 / last);
  }

  private static float[] gaussian(int length, Random random) {
    var values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private Map<String, Object> line(int n, double[] gflops) {
    var line = new LinkedHashMap<String, Object>();
    line.put("name", "sgemm");
    line.put("system", "spindle");
    line.put("backend", backend.name());
    line.put("device", backend.device());
    line.put("jdk", Runtime.version().feature());
    line.put("n", n);
    line.put("gflops", gflops[rounds / 2]);
    line.put("gflops_min", gflops[0]);
    line.put("gflops_max", gflops[rounds - 1]);
    return line;
  }
}
