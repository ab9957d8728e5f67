package spindle.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import spindle.result.CommitRecord;
import spindle.result.Journal;
import spindle.result.Layout;
import spindle.result.Lease;
import spindle.result.Ledger;
import spindle.result.Manifest;
import spindle.result.RunRecord;
import spindle.result.SweepStatus;
import spindle.result.Times;
import spindle.sweep.ExitCode;

/** {@code spindle status}: how far a sweep is, also while it runs; reads no table. */
@Command(
    mixinStandardHelpOptions = true,
    name = "status",
    description = "Show how far a sweep is, also while it runs.")
final class StatusCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ROOT/SWEEP", description = "Folder of the sweep.")
  private String folder = "";

  @Spec private CommandSpec spec = CommandSpec.create();

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
    Instant now = Instant.now();
    Optional<SweepStatus> status = SweepStatus.of(layout);
    Optional<Lease.Owner> owner = Lease.owner(layout).filter(Lease::alive);
    if (status.isPresent()) {
      out.println(headline(layout, status.get(), owner));
    }
    owner.ifPresent(
        o ->
            out.printf(
                "driver: %s on %s, last heartbeat %s%n",
                o.runId(), o.host(), Times.ago(o.heartbeat(), now)));
    out.printf("committed: %s%n", committed(layout));
    Optional<Manifest> newest = Manifest.newest(layout);
    out.println(
        newest
            .map(
                m ->
                    "published: version %d at %s"
                        .formatted(m.version(), Times.at(m.publishedAt(), now)))
            .orElse("published: nothing yet"));
    out.println("tables: " + layout.sweep());
  }

  private static String headline(Layout layout, SweepStatus s, Optional<Lease.Owner> owner)
      throws IOException {
    boolean running = s.state().equals("running") && owner.isPresent();
    boolean dead =
        (s.state().equals("running") && owner.isEmpty()) || s.state().equals(RunRecord.INTERRUPTED);
    long done = dead ? committed(layout, s.planId()) : s.reused() + s.runningDone();
    String eta = running && s.etaS() >= 0 ? ", ETA " + Times.span(s.etaS()) : "";
    return "%s: %s, %d of %s %s%s"
        .formatted(
            s.sweep(),
            dead ? "interrupted (run it again to go on)" : s.state(),
            done,
            Show.count(s.planned(), "trial"),
            dead ? "committed" : "done",
            eta);
  }

  /** Trials of a plan whose result is committed; what a dead driver last said may be stale. */
  private static long committed(Layout layout, String planId) throws IOException {
    var ledger = new Ledger();
    for (CommitRecord record : new Journal(layout).fresh()) {
      record.trials().forEach(e -> ledger.put(e.resultKey(), e));
    }
    long done = 0;
    try (var plan = Files.newBufferedReader(layout.planTrials(planId))) {
      for (String line = plan.readLine(); line != null; line = plan.readLine()) {
        done += ledger.status(line.substring(line.indexOf(',') + 1)).isPresent() ? 1 : 0;
      }
    }
    return done;
  }

  /** Counts per status over the whole journal; a trial that ran again counts as it ended best. */
  private static String committed(Layout layout) throws IOException {
    var last = new TreeMap<String, String>();
    for (CommitRecord record : new Journal(layout).fresh()) {
      for (CommitRecord.Entry e : record.trials()) {
        last.merge(e.resultKey(), e.status(), (a, b) -> a.equals("failed") ? b : a);
      }
    }
    var counts = new TreeMap<String, Integer>();
    last.values().forEach(status -> counts.merge(status, 1, Integer::sum));
    String ends =
        counts.entrySet().stream()
            .map(e -> Show.count(e.getValue()) + " " + e.getKey())
            .collect(Collectors.joining(", "));
    return Show.count(last.size(), "trial") + (ends.isEmpty() ? "" : " (" + ends + ")");
  }
}
