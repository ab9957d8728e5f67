package spindle.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  Map<String, Object> run() {
    Network network = bench.network();
    String spikes = Network.spikes(network.populations().get(0));
    var assemblies = new ArrayList<Assembly>();
    var arguments = new ArrayList<Arguments>();
    for (int seed = 1; seed <= trials; seed++) {
      Assembly a = Assembly.of(network, seed);
      assemblies.add(a);
      arguments.add(new Arguments(a.arguments(), Set.of(spikes)));
    }
    if (assemblies.stream().map(a -> a.step().hash()).distinct().count() > 1) {
      throw new IllegalStateException("seeds give other programs");
    }
    long start = System.nanoTime();
    var backend = new CudaBackend(Devices.all().get(0));
    try (var pack = new Pack(assemblies.get(0).step(), arguments, backend)) {
      List<Executable> executables = pack.trials();
      for (int k = 0; k < trials; k++) {
        Assembly a = assemblies.get(k);
        // The initial state is computed on the CPU; it is the same bits.
        executables.get(k).restore(Snapshot.after(a.initial(), a.arguments(), new CpuBackend()));
      }
      double load = seconds(start);
      long begin = System.nanoTime();
      pack.run(0, bench.steps());
      double run = seconds(begin);
      var result = new LinkedHashMap<String, Object>();
      result.put("name", "coba-lif-pack");
      result.put("backend", backend.name());
      result.put("device", backend.device());
      result.put("shape", pack.shape().toString());
      result.put("trials", trials);
      result.put("neurons", network.populations().get(0).size());
      result.put("steps", bench.steps());
      result.put("build_s", load);
      result.put("run_s", run);
      long all = executables.stream().mapToLong(t -> t.log(spikes).size()).sum();
      double simulated = bench.steps() * network.dtMs() * 1e-3;
      result.put("spikes", all);
      result.put("rate_hz", all / (simulated * trials * network.populations().get(0).size()));
      result.put("peak_bytes", pack.bytes());
      return result;
    }
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) * 1e-9;
  }
}
