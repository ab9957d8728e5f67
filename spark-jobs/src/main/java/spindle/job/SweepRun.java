package spindle.job;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import spindle.result.Json;
import spindle.result.Layout;
import spindle.result.Lease;
import spindle.result.LinkCreate;
import spindle.result.Manifest;
import spindle.result.Publisher;
import spindle.result.Root;
import spindle.result.RunHeader;
import spindle.result.RunId;
import spindle.result.RunRecord;
import spindle.result.StageFiles;
import spindle.result.StorageException;
import spindle.result.SweepHeldException;
import spindle.sim.Backends;
import spindle.sweep.Axis;
import spindle.sweep.ExitCode;
import spindle.sweep.Plan;
import spindle.sweep.Secrets;
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
    Optional<Lease.Owner> before = Lease.owner(layout);
    try (var interruption = Interruption.heed(progress);
        Lease lease = Lease.take(layout, runId, options.takeover())) {
      interruption.then(lease::close);
      Publisher.mend(layout);
      RunRecord.closeDead(layout, before, runId);
      Books books = Books.open(layout, plan.sweep().reuse());
      var task = plan.sweep().refined(Tasks.named(plan.sweep().model()));
      Backlog backlog = Backlog.of(plan, task, books, options.retry(), layout, runId);
      try {
        var subject = new Watch.Subject(layout, runId, plan.planId(), backlog);
        return run(new Hold(subject, books, lease, interruption));
      } catch (IOException | RuntimeException e) {
        interruption.stay();
        throw e;
      } finally {
        Files.deleteIfExists(layout.todo(runId));
        Files.deleteIfExists(layout.drain(runId));
      }
    }
  }

  /** What a run holds while it goes on. */
  private record Hold(Watch.Subject subject, Books books, Lease lease, Interruption interruption) {
    Layout layout() {
      return subject.layout();
    }
  }

  private ExitCode run(Hold hold) throws IOException {
    Layout layout = hold.layout();
    Backlog backlog = hold.subject().backlog();
    Root.demandSpace(layout, backlog.recordedBytes());
    closing.announce(backlog, hold.books().size() - backlog.known());
    new LinkCreate().create(layout.plan(plan.planId()), Json.pretty(PlanRecord.of(plan)));
    RunRecord record = record();
    if (backlog.size() == 0 && Publisher.upToDate(layout, plan.planId())) {
      return closing.nothing(layout, Balance.of(plan, hold.books()), spark);
    }
    record.save(layout);
    var policy = new Policy(plan.sweep().execution(), plan.size());
    var watch = new Watch(hold.subject(), hold.books(), policy, progress);
    watch.status("running").save(layout);
    hold.interruption()
        .then(
            () -> {
              interrupted(record, hold);
              leave(watch, hold);
            });
    SparkSession session = session(record, layout);
    return run(session, watch, record, hold);
  }

  private ExitCode run(SparkSession session, Watch watch, RunRecord record, Hold hold)
      throws IOException {
    RunRecord started = record.on(Sessions.redacted(session.sparkContext().getConf()));
    boolean chosen = plan.sweep().execution().backend().equals("auto");
    if (chosen && session.sparkContext().isLocal()) {
      progress.say("backend auto: " + Backends.choice());
    }
    hold.interruption()
        .then(
            () -> {
              interrupted(started, hold);
              publish(session, hold.layout());
              leave(watch, hold);
            });
    try {
      fanOut(session, watch, hold);
    } catch (UnusableMaster e) {
      started.ended(Instant.now(), "not run").save(hold.layout());
      throw e;
    }
    if (hold.lease().lost()) {
      throw new SweepHeldException(
          "sweep %s was taken over by another driver; what was committed here is kept"
              .formatted(hold.layout().name()));
    }
    hold.interruption().then(hold.interruption()::awaitClose);
    return close(session, watch, started, hold);
  }

  /**
   * Whether trials shared work for a later stage that this sweep does not have. What a task without
   * stages keeps, such as weights that were trained, stays.
   */
  private boolean sharedForNothing() {
    boolean shares = !Tasks.named(plan.sweep().model()).stages().isEmpty();
    return shares && plan.sweep().axes().stream().allMatch(a -> a.stage().isEmpty());
  }

  private ExitCode close(SparkSession session, Watch watch, RunRecord started, Hold hold)
      throws IOException {
    Balance balance = Balance.of(plan, hold.books());
    ExitCode exit = closing.exit(watch, balance);
    started.ended(Instant.now(), Closing.outcome(exit, balance)).save(hold.layout());
    publish(session, hold.layout());
    if (exit == ExitCode.OK && sharedForNothing()) {
      new StageFiles(hold.layout()).clear();
    }
    String state = exit == ExitCode.ABORTED ? "aborted" : "finished";
    watch.status(state).save(hold.layout());
    hold.interruption().then(() -> withoutReport(hold));
    closing.summarise(session, hold.subject(), watch, balance);
    return exit;
  }

  /** All that an interrupted run has left to do once its tables are there. */
  private void withoutReport(Hold hold) throws IOException {
    progress.say("the tables are there; write the report: spindle report " + hold.layout().sweep());
    hold.lease().close();
  }

  private Manifest publish(SparkSession session, Layout layout) throws IOException {
    return progress.during(
        "publishing", part -> new Publisher(session, layout, part).publish(plan.planId()));
  }

  private static void interrupted(RunRecord record, Hold hold) throws IOException {
    record.ended(Instant.now(), RunRecord.INTERRUPTED).save(hold.layout());
  }

  /** The last that an interrupted run does. */
  private void leave(Watch watch, Hold hold) throws IOException {
    watch.status(RunRecord.INTERRUPTED).save(hold.layout());
    progress.say("look at what is there: spindle report " + hold.layout().sweep());
    hold.lease().close();
  }

  private SparkSession session(RunRecord record, Layout layout) throws IOException {
    try {
      return spark.get();
    } catch (UnusableMaster e) {
      record.ended(Instant.now(), "not run").save(layout);
      throw e;
    }
  }

  private void fanOut(SparkSession session, Watch watch, Hold hold) throws IOException {
    var slots = Slots.of(session.sparkContext(), plan.sweep().execution().backend());
    watch.begin(slots.count());
    if (hold.subject().backlog().size() == 0) {
      return;
    }
    int cores = session.sparkContext().defaultParallelism();
    double spreadAboveS = hold.subject().backlog().spreadAboveS(cores);
    List<Share> shares = hold.subject().backlog().spread(spreadAboveS);
    List<Pack> packs = Packs.of(hold.subject().backlog(), plan.sweep().execution(), slots);
    new FanOut(session.sparkContext(), watch, hold.lease(), hold.interruption())
        .run(
            shares,
            packs,
            spec(header(hold.layout()), spreadAboveS),
            plan.sweep().execution().onAbort());
  }

  private RunHeader header(Layout layout) {
    Sweep sweep = plan.sweep();
    return new RunHeader(
        layout,
        runId,
        plan.planId(),
        sweep.execution().backend(),
        sweep.metrics(),
        sweep.axes().stream().map(Axis::name).toList(),
        sweep.sources());
  }

  private RunSpec spec(RunHeader header, double spreadAboveS) {
    Sweep sweep = plan.sweep();
    return new RunSpec(
        header,
        sweep.model(),
        PlanRecord.wire(sweep),
        sweep.recording(),
        sweep.guards(),
        sweep.refinement(),
        startedAt.toEpochMilli(),
        spreadAboveS);
  }

  private RunRecord record() {
    Sweep sweep = plan.sweep();
    return new RunRecord(
        runId,
        sweep.name(),
        plan.planId(),
        Secrets.redacted(sweep.yaml()),
        Secrets.redacted(sweep.resolved()),
        sweep.overrides().stream().map(Secrets::redacted).toList(),
        Secrets.redacted(options.command()),
        Origins.find(options.config()),
        Map.of(),
        startedAt.toString(),
        "",
        "");
  }
}
