package spindle.sweep;

import java.util.Iterator;
import spindle.task.Settings;

/** The trials of a sweep, made on demand: nothing here grows with their number. */
public interface Plan {
  /** The sweep this plan enumerates. */
  Sweep sweep();

  /** SHA-256 over the set of trial ids and the recording, 32 hex digits. */
  String planId();

  /** Number of trials. */
  long size();

  /** The trials in order of index. */
  Iterator<PlannedTrial> trials();

  /** All parameter values of one trial. */
  Settings settings(PlannedTrial trial);
}
