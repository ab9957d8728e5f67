package spindle.cli;

import java.io.IOException;
import java.io.PrintWriter;
import spindle.job.UnusableMaster;
import spindle.result.Root;
import spindle.result.StorageException;
import spindle.result.SweepHeldException;
import spindle.sweep.ExitCode;

/** Turns what a command throws for the user into a message and an exit code. */
final class Ending {
  private Ending() {}

  /** Something a command does. */
  @FunctionalInterface
  interface Work {
    ExitCode run() throws IOException;
  }

  static int of(PrintWriter err, Work work) {
    try {
      return work.run().code();
    } catch (SweepHeldException e) {
      err.println(e.getMessage());
      return ExitCode.HELD.code();
    } catch (StorageException | UnusableMaster e) {
      err.println(e.getMessage());
      return ExitCode.BAD_CONFIG.code();
    } catch (IOException e) {
      err.println("cannot read or write: " + Root.reason(e));
      return ExitCode.BAD_CONFIG.code();
    } finally {
      err.flush();
    }
  }
}
