package spindle.bench;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import spindle.task.Json;

/** {@code spindle bench NAME [options] --json}: one benchmark, one JSON object. */
public final class Main {
  private static final String USAGE =
      """
      usage: spindle bench coba-lif | coba-hh [options] --json
        --neurons N          number of neurons (4000)
        --connectivity LAW   fixed-p (bernoulli), jit, fixed-out-degree, fixed-in-degree (fixed-p)
        --weights FORM       canonical or literal (canonical)
        --storage HOW        auto, stored, regenerated (auto)
        --duration T         simulated time with unit (5s)
        --dt T               time step with unit (0.1ms)
        --delay T            from spike to arrival (0.1ms)
        --delay-max T        a delay per synapse, uniform from --delay to this
        --precision TYPE     float32 or float64 (float32)
        --backend NAME       auto, cpu, cuda, reference (auto)
        --shape HOW          on a GPU: auto, block_shared, block, cluster, grid (auto)
        --limit S            seconds that a run may take: fewer steps where all would take longer
        --threads N          threads that share the network; the same bits (1)
        --seed N             seed of every random number (1)
        --repeat N           runs in this process: the first is cold, run_s is the median of the others;
                             of a single run, twice its second half (1)
        --dump FILE          write network and initial state for the C++ baseline

      usage: spindle bench bptt [options] --json
             an iteration of back propagation through time: recurrent LIF neurons on one minibatch
        --inputs N, --hidden N, --steps N, --batch N   (100, 256, 100, 64)
        --surrogate NAME     derivative of spikes: a name, name(parameter = value) or a formula of x (arctan)
        --gain G, --rate R   of the weights at the start; of learning (4; 0.01)
        --warm S             seconds before the first round (3)
        --rounds N, --iterations N   rounds of which the median is told, iterations in each (5, 20)
        --dump FILE          write weights and stimuli for the peers
        --backend NAME, --seed N

      usage: spindle bench bptt-memory [options] --json
             what is kept for gradients through many steps of COBA-LIF
        --neurons N, --steps N   (4000, 10000)
        --every N            steps between states kept; 0: the root of the steps (0)
        --backend NAME, --seed N

      usage: spindle bench sgemm [options] --json
             a full float32 matrix times a batch, n x n by n x n, one JSON object each
        --sizes N,...        (512)
        --rounds N, --warm S, --seconds S   of which the median is told; before the first; of each (5, 2, 0.2)
        --backend NAME

      usage: spindle bench operators | jit-connectivity [options] --json
             products of stored | regenerated n x n matrices, one JSON object each
        --sizes N,...        neurons (2000 to 60000 | 10000 to 1000000)
        --p P,...            connection probabilities; dense operators at 1 (0.01,0.1,1 | 0.01)
        --fractions F,...    of the neurons that fire (0.001,0.01,0.1 | 0.01)
        --batches B,...      members of a batch, for operators with mm (16,64)
        --operators NAME,... some of them (all)
        --rounds N           of which the median is told (5)
        --seconds S          for all rounds of one line (1)
        --work W             leave out products of more synapses (2e10)
        --backend NAME, --threads N, --seed N

      usage: spindle bench launch [options] --json
             starting work on the first GPU that has next to none to do, in each shape
        --shapes NAME,...      some of them (all)
        --rounds N, --launches N   of which the median is told; in each (9, 20000)

      usage: spindle bench gpu-check [options] --json
             whether the first GPU computes what the CPU computes, and how fast it is
        --sizes N,...        neurons of COBA-LIF, timed in each shape that fits (4000,40000,400000,4000000)
        --hh-sizes N,...     of COBA-HH (4000,40000)
        --jit-sizes N,...    of products with regenerated matrices (10000,100000,300000,1000000)
        --trials N           of --neurons each that run side by side (264)
        --neurons N, --duration T
        --limit S            seconds of a timed run: fewer steps where all would take longer (10)
        --small              sizes of a trial run
        --only PREFIX,...    some sections: device, launch, agreement, pack, coba-lif, coba-hh, bptt, jit,
                             sanitizer, tests
        --out FILE           where results are saved after each section (gpu-check.json)
        --timeout S          seconds of a section before it is ended (900)
      """;

  private Main() {}

  public static void main(String[] args) {
    if (args.length == 0 || Stream.of(args).anyMatch(Set.of("help", "--help", "-h")::contains)) {
      System.out.print(USAGE);
      System.exit(args.length == 0 ? 2 : 0);
    }
    try {
      run(args, Main::print);
    } catch (IllegalArgumentException e) {
      System.err.println("spindle bench: " + e.getMessage());
      System.exit(2);
    } catch (OutOfMemoryError e) { // what was being built is gone, so there is room to say so
      System.err.println("spindle bench: " + outOfMemory(e, "regenerated storage"));
      System.exit(2);
    }
  }

  /** What there was and what to do. */
  static String outOfMemory(OutOfMemoryError e, String remedy) {
    return "%s: a heap of %.3g GB is too small; take smaller sizes, %s or a larger heap (-Xmx)"
        .formatted(e.getMessage(), Runtime.getRuntime().maxMemory() * 1e-9, remedy);
  }

  /** Lines of one process have each the peak of what they measured. */
  private static void print(Map<String, Object> result) {
    System.out.println(Json.of(Machine.stamped(result)));
    Machine.forgetPeak();
  }

  private static void run(String[] args, Consumer<Map<String, Object>> print) {
    switch (args[0]) {
      case "coba-lif" ->
          print.accept(BalancedBench.lif(new Options(args, 1, BalancedBench.OPTIONS)).run());
      case "coba-hh" ->
          print.accept(BalancedBench.hh(new Options(args, 1, BalancedBench.OPTIONS)).run());
      case "bptt" -> print.accept(new BpttBench(new Options(args, 1, BpttBench.OPTIONS)).run());
      case "bptt-memory" ->
          print.accept(new BpttMemoryBench(new Options(args, 1, BpttMemoryBench.OPTIONS)).run());
      case "sgemm" -> new SgemmBench(new Options(args, 1, SgemmBench.OPTIONS)).run(print);
      case "operators" ->
          OperatorsBench.stored(new Options(args, 1, OperatorsBench.OPTIONS)).run(print);
      case "jit-connectivity" ->
          OperatorsBench.regenerated(new Options(args, 1, OperatorsBench.OPTIONS)).run(print);
      case "launch" -> new LaunchBench(new Options(args, 1, LaunchBench.OPTIONS)).run(print);
      case "gpu-check" -> {
        if (!new GpuCheck(new Options(args, 1, GpuCheck.OPTIONS)).run(print)) {
          System.exit(1);
        }
      }
      default -> throw new IllegalArgumentException("no benchmark \"" + args[0] + "\"\n" + USAGE);
    }
  }
}
