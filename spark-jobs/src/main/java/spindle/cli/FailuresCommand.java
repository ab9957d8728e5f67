package spindle.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import spindle.result.CommitRecord;
import spindle.result.Journal;
import spindle.result.Layout;
import spindle.result.RunRecord;
import spindle.sweep.ExitCode;

/** {@code spindle failures}: what went wrong or was stopped, by cause, one example each. */
@Command(
    mixinStandardHelpOptions = true,
    name = "failures",
    description = "Show what went wrong, and what guards stopped, by cause with one example each.")
final class FailuresCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ROOT/SWEEP", description = "Folder of the sweep.")
  private String folder = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Trials that went wrong, or were stopped, alike. */
  private record Group(CommitRecord.Entry example, List<String> trials) {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    return Ending.of(
        spec.commandLine().getErr(),
        () -> {
          print(out, Place.of(folder));
          out.flush();
          return ExitCode.OK;
        });
  }

  private static void print(PrintWriter out, Layout layout) throws IOException {
    List<Group> groups = groups(new Journal(layout).fresh());
    List<Group> wrong = groups.stream().filter(g -> !g.example().stopped()).toList();
    List<Group> stopped = groups.stream().filter(g -> g.example().stopped()).toList();
    if (wrong.isEmpty()) {
      out.println("no failures in " + layout.sweep());
    }
    wrong.forEach(g -> print(out, g));
    if (!stopped.isEmpty()) {
      out.println("stopped by a guard of the sweep, which is no failure:");
      stopped.forEach(g -> print(out, g));
    }
    boolean curable = wrong.stream().anyMatch(g -> g.example().curable());
    var newest = RunRecord.newest(layout);
    if (curable && newest.isPresent()) {
      out.printf("run the failed trials again: %s --retry failed%n", newest.get().command());
    }
  }

  private static void print(PrintWriter out, Group group) {
    CommitRecord.Entry example = group.example();
    CommitRecord.Fault fault = example.fault();
    out.printf("%d x %s [%s]%n", group.trials().size(), fault.kind(), fault.fingerprint());
    out.printf("  %s%n", fault.message());
    out.printf("  example: trial %s%n    %s%n", example.trialId(), fault.point());
    fault.frames().forEach(frame -> out.printf("    %s%n", frame));
  }

  /** Faults of trials that have not ended well since, by fingerprint, the most frequent first. */
  private static List<Group> groups(List<CommitRecord> records) {
    var well = new HashSet<String>();
    var groups = new LinkedHashMap<String, Group>();
    var faulty = new LinkedHashMap<String, CommitRecord.Entry>();
    for (CommitRecord record : records) {
      for (CommitRecord.Entry e : record.trials()) {
        if (e.fault().fingerprint().isEmpty()) {
          well.add(e.trialId());
        } else {
          faulty.put(e.trialId(), e);
        }
      }
    }
    faulty.keySet().removeAll(well);
    for (Map.Entry<String, CommitRecord.Entry> e : faulty.entrySet()) {
      groups
          .computeIfAbsent(
              e.getValue().fault().fingerprint(), f -> new Group(e.getValue(), new ArrayList<>()))
          .trials()
          .add(e.getKey());
    }
    return groups.values().stream()
        .sorted(Comparator.comparingInt((Group g) -> g.trials().size()).reversed())
        .toList();
  }
}
