package spindle.result;

import java.util.Optional;

/**
 * Which trials are committed, and how they ended.
 *
 * <p>An open-addressed table of 128-bit keys: 17 bytes per slot, so that a million trials take some
 * 40 MB on the driver instead of a few hundred.
 */
public final class Ledger {
  /** As the code of FAILED, for a failure that a later attempt may not meet. */
  private static final byte CURABLE = 5;

  /** As {@link #CURABLE}, for a failure that took the context of a GPU with it. */
  private static final byte FATAL = 6;

  private long[] keys = new long[2 << 10];
  private byte[] states = new byte[1 << 10];
  private int size;
  private long repeats;

  /** An empty ledger. */
  public Ledger() {}

  /** Number of commits of keys that were committed before. */
  long repeats() {
    return repeats;
  }

  /** Number of keys. */
  public int size() {
    return size;
  }

  /** How a key ended; empty if it is not committed. */
  public Optional<TrialStatus> status(String resultKey) {
    byte state = states[slot(high(resultKey), low(resultKey))];
    return state == 0 ? Optional.empty() : Optional.of(status(state));
  }

  /** Whether a key failed for a reason that a later attempt may not meet. */
  public boolean curable(String key) {
    return states[slot(high(key), low(key))] >= CURABLE;
  }

  /** Whether a key failed while a GPU was lost, which may have been another trial's doing. */
  public boolean fatal(String key) {
    return states[slot(high(key), low(key))] == FATAL;
  }

  /** Enters the trial of a commit under one of its keys. */
  public void put(String key, CommitRecord.Entry entry) {
    TrialStatus status = TrialStatus.of(entry.status());
    byte curable = entry.fatal() ? FATAL : CURABLE;
    put(key, entry.curable() ? curable : code(status));
  }

  /** Enters one key; an end without failure is never replaced by a failure. */
  public void put(String key, TrialStatus status) {
    put(key, code(status));
  }

  private void put(String key, byte now) {
    if (2 * (size + 1) > states.length) {
      grow();
    }
    int slot = slot(high(key), low(key));
    if (states[slot] == 0) {
      keys[2 * slot] = high(key);
      keys[2 * slot + 1] = low(key);
      size++;
      states[slot] = now;
    } else {
      repeats++;
      states[slot] = status(states[slot]) == TrialStatus.FAILED ? now : states[slot];
    }
  }

  private void grow() {
    long[] oldKeys = keys;
    byte[] oldStates = states;
    keys = new long[2 * oldKeys.length];
    states = new byte[2 * oldStates.length];
    for (int i = 0; i < oldStates.length; i++) {
      if (oldStates[i] != 0) {
        int slot = slot(oldKeys[2 * i], oldKeys[2 * i + 1]);
        keys[2 * slot] = oldKeys[2 * i];
        keys[2 * slot + 1] = oldKeys[2 * i + 1];
        states[slot] = oldStates[i];
      }
    }
  }

  private int slot(long high, long low) {
    int mask = states.length - 1;
    int slot = (int) (high ^ low >>> 7) & mask;
    while (states[slot] != 0 && (keys[2 * slot] != high || keys[2 * slot + 1] != low)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static byte code(TrialStatus status) {
    return switch (status) {
      case OK -> 1;
      case DIVERGED -> 2;
      case STOPPED -> 3;
      case FAILED -> 4;
    };
  }

  private static TrialStatus status(byte code) {
    return switch (code) {
      case 1 -> TrialStatus.OK;
      case 2 -> TrialStatus.DIVERGED;
      case 3 -> TrialStatus.STOPPED;
      default -> TrialStatus.FAILED;
    };
  }

  private static long high(String key) {
    return Long.parseUnsignedLong(key, 0, 16, 16);
  }

  private static long low(String key) {
    return Long.parseUnsignedLong(key, 16, 32, 16);
  }
}
