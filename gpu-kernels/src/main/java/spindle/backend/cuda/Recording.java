package spindle.backend.cuda;

import spindle.backend.EventLog;
import spindle.compile.ptx.Arena;

/** The events of a variable, a bit per neuron and step, until they are pulled into its log. */
final class Recording {
  private static final long MOST_BYTES = 16L << 20;

  private final EventLog log = new EventLog();
  private final Driver.Memory memory;
  private final Driver.Transfer transfer;
  private final int words;
  private final int[] bits;
  private final int[] events;

  Recording(int neurons, Held held) {
    this.words = Arena.words(neurons);
    int room = (int) Math.max(1, Math.min(Pack.MOST_STEPS, MOST_BYTES / Math.max(1, 4L * words)));
    this.bits = new int[room * words];
    this.events = new int[neurons];
    this.memory = held.keep(new Driver.Memory(4L * bits.length));
    this.transfer = Driver.Transfer.of(memory, bits);
  }

  EventLog log() {
    return log;
  }

  /** Steps that fit. */
  int room() {
    return words == 0 ? Pack.MOST_STEPS : bits.length / words;
  }

  long address() {
    return memory.address();
  }

  long bytes() {
    return memory.bytes();
  }

  /** Logs steps {@code [step, step + steps)}. */
  void pull(int step, int steps) {
    if (words == 0) {
      return;
    }
    transfer.read(4L * steps * words);
    for (int s = 0; s < steps; s++) {
      int count = 0;
      for (int w = 0; w < words; w++) {
        for (int rest = bits[s * words + w]; rest != 0; rest &= rest - 1) {
          events[count++] = 32 * w + Integer.numberOfTrailingZeros(rest);
        }
      }
      if (count > 0) {
        log.add(step + s, events, count);
      }
    }
  }
}
