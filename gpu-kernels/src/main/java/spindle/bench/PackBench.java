package spindle.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import spindle.backend.Arguments;
import spindle.backend.Executable;
import spindle.backend.Snapshot;
import spindle.backend.cpu.CpuBackend;
import spindle.backend.cuda.CudaBackend;
import spindle.backend.cuda.Devices;
import spindle.backend.cuda.Pack;
import spindle.model.Assembly;
import spindle.model.Network;

/** Times COBA-LIF networks of several seeds that a GPU runs side by side. */
final class PackBench {
  private final BalancedBench bench;
  private final int trials;

  PackBench(BalancedBench bench, int trials) {
    this.bench = bench;
    this.trials = trials;
  }

  /**
   * Times them twice: with the spikes of all pulled, and with nothing recorded, which says what
   * pulling costs.
   */
  Map<String, Object> run() {
    Network network = bench.network();
    List<Assembly> assemblies =
        LongStream.rangeClosed(1, trials).mapToObj(seed -> Assembly.of(network, seed)).toList();
    if (assemblies.stream().map(a -> a.step().hash()).distinct().count() > 1) {
      throw new IllegalStateException("seeds give other programs");
    }
    Map<String, Object> result = time(assemblies, Set.of(spikes()));
    Map<String, Object> unrecorded = time(assemblies, Set.of());
    result.put("run_unrecorded_s", unrecorded.get("run_s"));
    return result;
  }

  private String spikes() {
    return Network.spikes(bench.network().populations().get(0));
  }

  private Map<String, Object> time(List<Assembly> assemblies, Set<String> recorded) {
    long start = System.nanoTime();
    var backend = new CudaBackend(Devices.all().get(0));
    List<Arguments> arguments =
        assemblies.stream().map(a -> new Arguments(a.arguments(), recorded)).toList();
    try (var pack = new Pack(assemblies.get(0).step(), arguments, backend)) {
      List<Executable> executables = pack.trials();
      // The initial state is computed on the CPU; it is the same bits.
      List<Snapshot> initial =
          assemblies.parallelStream()
              .map(a -> Snapshot.after(a.initial(), a.arguments(), new CpuBackend()))
              .toList();
      for (int k = 0; k < trials; k++) {
        executables.get(k).restore(initial.get(k));
      }
      double load = seconds(start);
      int half = bench.steps() / 2;
      long begin = System.nanoTime();
      pack.run(0, half);
      long middle = System.nanoTime();
      pack.run(half, bench.steps() - half);
      double second = seconds(middle);
      Map<String, Object> result = describe(backend, pack);
      result.put("build_s", load);
      result.put("run_s", second * bench.steps() / (bench.steps() - half));
      result.put("first_run_s", seconds(begin));
      if (!recorded.isEmpty()) {
        result.putAll(rate(executables));
      }
      return result;
    }
  }

  private Map<String, Object> describe(CudaBackend backend, Pack pack) {
    var result = new LinkedHashMap<String, Object>();
    result.put("name", "coba-lif-pack");
    result.put("backend", backend.name());
    result.put("device", backend.device());
    result.put("shape", pack.shape().toString());
    result.put("trials", trials);
    result.put("neurons", bench.network().populations().get(0).size());
    result.put("steps", bench.steps());
    result.put("held_bytes", pack.bytes());
    return result;
  }

  private Map<String, Object> rate(List<Executable> executables) {
    long all = executables.stream().mapToLong(t -> t.log(spikes()).size()).sum();
    double simulated = bench.steps() * bench.network().dtMs() * 1e-3;
    int neurons = bench.network().populations().get(0).size();
    var rate = new LinkedHashMap<String, Object>();
    rate.put("spikes", all);
    rate.put("rate_hz", all / (simulated * trials * neurons));
    return rate;
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) * 1e-9;
  }
}
