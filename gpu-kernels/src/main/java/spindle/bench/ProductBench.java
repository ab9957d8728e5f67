package spindle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import spindle.backend.Backend;
import spindle.sim.Product;

/** Times one product: inputs change from call to call, the first calls are not counted. */
final class ProductBench {
  /** Time between two looks at how fast a product has become [ns]. */
  private static final long WINDOW = 200_000_000;

  /** How long a product warms up of which no two calls fit in a window: it may not be compiled. */
  private static final long SLOW = 5_000_000_000L;

  private static final int FEWEST_WINDOWS = 10;
  private static final int MOST_WINDOWS = 40;

  /** Windows in a row that are no faster: one alone may be slow for other reasons. */
  private static final int STEADY = 3;

  private static final int INPUTS = 8;

  private final Backend backend;
  private final int rounds;
  private final double seconds;

  /**
   * @param rounds rounds of which the median is reported
   * @param seconds aimed at for all rounds together
   */
  ProductBench(Backend backend, int rounds, double seconds) {
    this.backend = backend;
    this.rounds = rounds;
    this.seconds = seconds;
  }

  /** What is timed: a product, and which fraction of the neurons fires, 1 for float inputs. */
  record Cell(String operator, Product.Form form, double fraction) {}

  Map<String, Object> measure(Cell cell, long seed) {
    long before = Machine.resident("VmRSS");
    long start = System.nanoTime();
    try (var product = new Product(cell.form(), seed, backend)) {
      double load = (System.nanoTime() - start) * 1e-9;
      float[][] inputs = inputs(cell, product, new Random(seed));
      if (product.weightCount() > 0) {
        var weights = new float[product.weightCount()];
        Arrays.fill(weights, 0.5f);
        product.weights(weights);
      }
      Map<String, Object> line = describe(cell);
      line.put("result_hash", hash(product, inputs[0]));
      line.put("build_s", load - product.compileSeconds());
      line.put("compile_s", product.compileSeconds());
      line.putAll(time(product, inputs));
      line.putAll(events(cell, product, inputs));
      double seconds = (double) line.get("s_per_call");
      line.put("ns_per_event", seconds / Math.max(1, (double) line.get("events")) * 1e9);
      line.put("held_bytes", product.bytes());
      line.put("resident_bytes", Math.max(0, Machine.resident("VmHWM") - before));
      return line;
    }
  }

  /** Of the bits of a first product, the same on every backend. */
  private static String hash(Product product, float[] x) {
    var y = new float[product.targets()];
    product.multiply(x);
    product.result(y);
    var hash = new Fingerprint();
    for (float value : y) {
      hash.add(Float.floatToIntBits(value));
    }
    return hash.toString();
  }

  private Map<String, Object> describe(Cell cell) {
    var line = new LinkedHashMap<String, Object>();
    line.put("operator", cell.operator());
    line.put("system", "spindle");
    line.put("backend", backend.name());
    line.put("device", backend.device());
    line.put("jdk", Runtime.version().feature());
    line.put("precision", "float32");
    line.put("neurons", cell.form().connectivity().pre());
    line.put("n", cell.form().connectivity().pre());
    line.put("fraction", cell.fraction());
    line.put("batch", cell.form().batch());
    return line;
  }

  /**
   * Seconds of the first call, and per call of the median round: on the clock, of the processor.
   */
  private Map<String, Object> time(Product product, float[][] inputs) {
    double first = once(product, inputs[0]);
    double once = warm(product, inputs);
    int calls = (int) Math.max(1, Math.min(100_000, seconds / rounds / once));
    var wall = new double[rounds];
    var cpu = new double[rounds];
    for (int r = 0; r < rounds; r++) {
      Turns.await();
      long start = System.nanoTime();
      long processor = processorNanos();
      for (int k = 0; k < calls; k++) {
        product.multiply(inputs[k % INPUTS]);
      }
      cpu[r] = (processorNanos() - processor) * 1e-9 / calls;
      wall[r] = (System.nanoTime() - start) * 1e-9 / calls;
    }
    Arrays.sort(wall);
    Arrays.sort(cpu);
    var line = new LinkedHashMap<String, Object>();
    line.put("steps", rounds * calls);
    line.put("first_run_s", first);
    line.put("run_s", wall[rounds / 2] * rounds * calls);
    line.put("s_per_call", wall[rounds / 2]);
    line.put("s_per_call_min", wall[0]);
    line.put("s_per_call_max", wall[rounds - 1]);
    line.put("cpu_s_per_call", cpu[rounds / 2]);
    line.put("cpu_s_per_call_min", cpu[0]);
    return line;
  }

  private static double once(Product product, float[] x) {
    long start = System.nanoTime();
    product.multiply(x);
    return Math.max(1e-9, (System.nanoTime() - start) * 1e-9);
  }

  /**
   * Runs until C2 has compiled everything: two seconds at least, until it no longer gets faster.
   *
   * @return seconds of a call in the fastest window: a single call may have been interrupted
   */
  private static double warm(Product product, float[][] inputs) {
    double best = Double.POSITIVE_INFINITY;
    int steady = 0;
    long begin = System.nanoTime();
    for (int window = 0; window < MOST_WINDOWS; window++) {
      long start = System.nanoTime();
      int calls = 0;
      while (calls == 0 || System.nanoTime() - start < WINDOW) {
        product.multiply(inputs[calls++ % INPUTS]);
      }
      double once = (double) (System.nanoTime() - start) / calls;
      steady = once < 0.95 * best ? 0 : steady + 1;
      best = Math.min(best, once);
      boolean enough = window >= FEWEST_WINDOWS && steady >= STEADY;
      boolean slow = once > WINDOW && System.nanoTime() - begin > SLOW;
      if (enough || (slow && steady > 0)) {
        break;
      }
    }
    return best * 1e-9;
  }

  /** Processor time of this thread [ns], 0 where the system does not tell. */
  private static long processorNanos() {
    try {
      String stat = Files.readString(Path.of("/proc/thread-self/schedstat"));
      return Long.parseLong(stat.substring(0, stat.indexOf(' ')));
    } catch (IOException e) {
      return 0;
    }
  }

  private static float[][] inputs(Cell cell, Product product, Random random) {
    int batch = cell.form().batch();
    int neurons = product.sources() / batch;
    var inputs = new float[INPUTS][product.sources()];
    int firing = (int) Math.max(1, Math.round(cell.fraction() * neurons));
    for (float[] x : inputs) {
      for (int k = 0; k < x.length && cell.form().input() == Product.Input.VECTOR; k++) {
        x[k] = (float) random.nextGaussian();
      }
      for (int b = 0; b < batch && cell.form().input() == Product.Input.EVENTS; b++) {
        for (int left = firing; left > 0; ) {
          int i = random.nextInt(neurons) * batch + b;
          left -= x[i] == 0 ? 1 : 0;
          x[i] = 1;
        }
      }
    }
    return inputs;
  }

  /**
   * Synapses that there are, and that a product uses on average, each member of a batch counting.
   * Those of a regenerated matrix are what its law expects where all are used: to count them takes
   * as long as to multiply.
   */
  private static Map<String, Object> events(Cell cell, Product product, float[][] inputs) {
    int batch = cell.form().batch();
    if (cell.form().input() == Product.Input.VECTOR) {
      double synapses = cell.form().connectivity().expectedSynapses();
      return counts(synapses, 0, synapses * batch);
    }
    int[] degrees = product.outDegrees();
    double spikes = 0;
    double events = 0;
    for (float[] x : inputs) {
      for (int k = 0; k < x.length; k++) {
        spikes += x[k];
        events += x[k] == 0 ? 0 : degrees[k / batch];
      }
    }
    double synapses = Arrays.stream(degrees).asDoubleStream().sum();
    int count = inputs.length;
    return counts(synapses, spikes / count, events / count);
  }

  private static Map<String, Object> counts(double synapses, double spikes, double events) {
    var line = new LinkedHashMap<String, Object>();
    line.put("synapses", synapses);
    line.put("spikes", spikes);
    line.put("events", events);
    return line;
  }
}
