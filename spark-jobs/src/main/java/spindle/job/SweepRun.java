package spindle.job;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import spindle.result.Json;
import spindle.result.Layout;
import spindle.result.Lease;
import spindle.result.LinkCreate;
import spindle.result.Publisher;
import spindle.result.Root;
import spindle.result.RunHeader;
import spindle.result.RunId;
import spindle.result.RunRecord;
import spindle.result.StorageException;
import spindle.result.SweepHeldException;
import spindle.sweep.Axis;
import spindle.sweep.ExitCode;
import spindle.sweep.Plan;
import spindle.sweep.Sweep;
import spindle.task.Tasks;

/**
 * Drives a sweep: always resumes, runs what is not committed, publishes, reports.
 *
 * <p>The Spark session is asked for only when there is something to do.
 */
public final class SweepRun {
  private final Plan plan;
  private final RunOptions options;
  private final Supplier<SparkSession> spark;
  private final Closing closing;
  private final Progress progress = Progress.ofProcess();
  private final String runId = RunId.next();
  private final Instant startedAt = Instant.now();

  /** A run of a plan that has not begun. */
  public SweepRun(
      Plan plan, RunOptions options, Supplier<SparkSession> spark, ReportWriter report) {
    this.plan = plan;
    this.options = options;
    this.spark = spark;
    this.closing = new Closing(progress, options.command(), report);
  }

  /**
   * Runs or resumes the sweep.
   *
   * @throws StorageException if results cannot be kept at the root
   * @throws SweepHeldException if another driver runs the sweep
   * @throws UnusableMaster if there is something to do and no session for it
   */
  public ExitCode run() throws IOException {
    String root = options.root().isEmpty() ? plan.sweep().root() : options.root();
    Layout layout = Root.open(root, plan.sweep().name());
    try (Lease lease = Lease.take(layout, runId, options.takeover())) {
      Publisher.mend(layout);
      Books books = Books.open(layout, plan.sweep().reuse());
      var task = Tasks.named(plan.sweep().model());
      Backlog backlog = Backlog.of(plan, task, books, options.retry(), layout, runId);
      try {
        return run(new Watch.Subject(layout, runId, plan.planId(), backlog), books, lease);
      } finally {
        Files.deleteIfExists(layout.todo(runId));
        Files.deleteIfExists(layout.drain(runId));
      }
    }
  }

  private ExitCode run(Watch.Subject subject, Books books, Lease lease) throws IOException {
    Layout layout = subject.layout();
    Backlog backlog = subject.backlog();
    Root.demandSpace(layout, backlog.recordedBytes());
    closing.announce(backlog, books.size() - backlog.known());
    new LinkCreate().create(layout.plan(plan.planId()), Json.pretty(PlanRecord.of(plan)));
    RunRecord record = record();
    if (backlog.size() == 0 && Publisher.upToDate(layout, plan.planId())) {
      record.ended(Instant.now(), "nothing to do").save(layout);
      return closing.nothing(layout, Balance.of(plan, books), spark);
    }
    record.save(layout);
    SparkSession session = session(record, layout);
    var policy = new Policy(plan.sweep().execution(), plan.size());
    var watch = new Watch(subject, books, policy, progress);
    record = record.on(Sessions.redacted(session.sparkContext().getConf()));
    Tally tally = fanOut(session, subject, watch, lease);
    if (lease.lost()) {
      throw new SweepHeldException(
          "sweep %s was taken over by another driver; what was committed here is kept"
              .formatted(layout.name()));
    }
    Balance balance = Balance.of(plan, books);
    ExitCode exit = closing.exit(watch, balance);
    record.ended(Instant.now(), Closing.outcome(exit, balance)).save(layout);
    new Publisher(session, layout).publish(plan.planId());
    watch.status(exit == ExitCode.ABORTED ? "aborted" : "finished", tally).save(layout);
    closing.summarise(session, subject, watch, balance);
    return exit;
  }

  private SparkSession session(RunRecord record, Layout layout) throws IOException {
    try {
      return spark.get();
    } catch (UnusableMaster e) {
      record.ended(Instant.now(), "not run").save(layout);
      throw e;
    }
  }

  private Tally fanOut(SparkSession session, Watch.Subject subject, Watch watch, Lease lease)
      throws IOException {
    if (subject.backlog().size() == 0) {
      return new Tally(session.sparkContext());
    }
    int cores = session.sparkContext().defaultParallelism();
    double spreadAboveS = subject.backlog().spreadAboveS(cores);
    List<Share> shares = subject.backlog().spread(spreadAboveS);
    List<Pack> packs = Packs.of(subject.backlog(), plan.sweep().execution(), cores);
    var header =
        new RunHeader(
            subject.layout(),
            runId,
            plan.planId(),
            plan.sweep().execution().backend(),
            plan.sweep().metrics(),
            plan.sweep().axes().stream().map(Axis::name).toList(),
            plan.sweep().overrides(),
            PlanRecord.canonical(plan.sweep()));
    return new FanOut(session.sparkContext(), watch, lease, plan.sweep().execution().onAbort())
        .run(shares, packs, spec(header, spreadAboveS));
  }

  private RunSpec spec(RunHeader header, double spreadAboveS) {
    Sweep sweep = plan.sweep();
    return new RunSpec(
        header,
        sweep.model(),
        PlanRecord.wire(sweep),
        sweep.recording(),
        sweep.guards(),
        startedAt.toEpochMilli(),
        spreadAboveS);
  }

  private RunRecord record() {
    Sweep sweep = plan.sweep();
    return new RunRecord(
        runId,
        sweep.name(),
        plan.planId(),
        Sessions.redacted(sweep.yaml()),
        Sessions.redacted(sweep.resolved()),
        sweep.overrides().stream().map(Sessions::redacted).toList(),
        Sessions.redacted(options.command()),
        Origins.find(options.config()),
        Map.of(),
        startedAt.toString(),
        "",
        "");
  }
}
