package spindle.result;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The right to drive a sweep: one file with owner and heartbeat, taken exclusively, renewed every
 * 10 s and stale after 60 s, or at once when its process is known to be dead.
 *
 * <p>The lease saves work, it does not guard results: two drivers at once would waste time, but
 * commits stay exclusive.
 */
public final class Lease implements AutoCloseable {
  private static final Duration RENEWAL = Duration.ofSeconds(10);
  private static final Duration STALE = Duration.ofSeconds(60);

  /**
   * Content of the lease file.
   *
   * @param runId run that drives the sweep
   * @param host name for people
   * @param process host, process namespace, process id and its start: enough to see it is dead
   * @param heartbeat ISO instant of the last renewal
   */
  public record Owner(String runId, String host, String process, String heartbeat) {}

  private final Layout layout;
  private final Owner me;
  private final ScheduledExecutorService beat;
  private volatile boolean lost;

  private Lease(Layout layout, Owner me) {
    this.layout = layout;
    this.me = me;
    this.beat =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              var thread = new Thread(task, "lease-heartbeat");
              thread.setDaemon(true);
              return thread;
            });
    long seconds = RENEWAL.toSeconds();
    var unused = beat.scheduleAtFixedRate(this::renew, seconds, seconds, TimeUnit.SECONDS);
  }

  /**
   * Takes the lease of a sweep.
   *
   * @param takeover whether to take it from a live driver, which then stops at its next renewal
   * @throws SweepHeldException if another driver holds it
   */
  public static Lease take(Layout layout, String runId, boolean takeover) throws IOException {
    Owner me = new Owner(runId, host(), process(ProcessHandle.current()), Instant.now().toString());
    for (int attempt = 0; attempt < 5; attempt++) {
      if (new LinkCreate().create(layout.lease(), Json.pretty(me))) {
        return new Lease(layout, me);
      }
      Optional<Owner> owner = owner(layout);
      if (owner.isPresent() && !takeover && alive(owner.get())) {
        throw new SweepHeldException(held(layout, owner.get()));
      }
      owner.ifPresent(stale -> setAside(layout, stale, me));
    }
    throw new SweepHeldException(
        "sweep %s is being taken by another driver just now; try again".formatted(layout.name()));
  }

  /** Who holds the lease; empty if nobody does. */
  public static Optional<Owner> owner(Layout layout) throws IOException {
    return read(layout.lease());
  }

  /** Whether an owner still shows signs of life. */
  public static boolean alive(Owner owner) {
    return age(owner).compareTo(STALE) < 0 && !dead(owner.process());
  }

  /** Whether another driver has taken the sweep over; then this one must stop. */
  public boolean lost() {
    return lost;
  }

  /** Gives the sweep back. */
  @Override
  public void close() throws IOException {
    beat.shutdownNow();
    if (owner(layout).filter(o -> o.runId().equals(me.runId())).isPresent()) {
      Files.deleteIfExists(layout.lease());
    }
  }

  private void renew() {
    try {
      if (owner(layout).filter(o -> o.runId().equals(me.runId())).isEmpty()) {
        lost = true;
        return;
      }
      var now = new Owner(me.runId(), me.host(), me.process(), Instant.now().toString());
      LinkCreate.replace(layout.lease(), Json.pretty(now));
    } catch (IOException e) {
      // A full disk must not cost the lease: a missed renewal is tried again, and after a minute
      // of them others may see the lease as stale, which is right.
      lost = false;
    }
  }

  /** Moves a stale lease away; if a fresh one was caught instead, puts it back. */
  private static void setAside(Layout layout, Owner stale, Owner me) {
    Path aside = layout.runs().resolve(".LEASE." + me.runId());
    try {
      Files.move(layout.lease(), aside, StandardCopyOption.ATOMIC_MOVE);
      Optional<Owner> caught = read(aside);
      if (caught.isPresent() && !caught.get().runId().equals(stale.runId())) {
        Files.createLink(layout.lease(), aside);
      }
      Files.deleteIfExists(aside);
    } catch (NoSuchFileException | FileAlreadyExistsException e) {
      return; // somebody else was faster; the caller looks again
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Owner> read(Path file) throws IOException {
    try {
      return Optional.of(Json.parse(Files.readString(file), Owner.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (UncheckedIOException e) {
      return Optional.of(new Owner("unknown", "unknown", "", Instant.EPOCH.toString()));
    }
  }

  private static String held(Layout layout, Owner owner) {
    return """
        sweep %s is being run by %s on %s, last heartbeat %s
        watch it with: spindle status %s
        or take it over with --takeover, or put results elsewhere with --root DIR"""
        .formatted(
            layout.name(),
            owner.runId(),
            owner.host(),
            Times.ago(owner.heartbeat(), Instant.now()),
            layout.sweep());
  }

  private static Duration age(Owner owner) {
    return Duration.between(Instant.parse(owner.heartbeat()), Instant.now());
  }

  /** Whether that process ran in this process namespace and is gone. */
  private static boolean dead(String process) {
    int end = process.lastIndexOf('|', process.lastIndexOf('|') - 1);
    if (end < 0 || !process.startsWith(namespace() + "|")) {
      return false;
    }
    String pid = process.substring(end + 1, process.lastIndexOf('|'));
    return ProcessHandle.of(Long.parseLong(pid)).filter(p -> process.equals(process(p))).isEmpty();
  }

  private static String process(ProcessHandle handle) {
    String start = handle.info().startInstant().map(Instant::toString).orElse("");
    return namespace() + "|" + handle.pid() + "|" + start;
  }

  private static String namespace() {
    try {
      // Containers may share a host name; the process namespace tells them apart.
      return host() + "|" + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      return host();
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
