package spindle.backend.cuda;

import spindle.backend.EventLog;
import spindle.compile.ptx.Arena;

/**
 * The events of a variable, a bit per neuron and step, until they are pulled into its log; before
 * them a word for when some state was last not finite.
 */
final class Recording {
  private static final long MOST_BYTES = 16L << 20;

  /** Of which the first is used: what follows is aligned. */
  private static final int HEAD_WORDS = 4;

  private final EventLog log = new EventLog();
  private final Driver.Memory memory;
  private final Driver.Transfer transfer;
  private final int words;
  private final int room;
  private final int[] bits;
  private final int[] events;

  Recording(int neurons, Held held) {
    this.words = Arena.words(neurons);
    int room = (int) Math.max(1, Math.min(Pack.MOST_STEPS, MOST_BYTES / Math.max(1, 4L * words)));
    this.room = words == 0 ? Pack.MOST_STEPS : room;
    this.bits = new int[HEAD_WORDS + room * words];
    this.events = new int[neurons];
    this.memory = held.keep(new Driver.Memory(4L * bits.length));
    this.transfer = Driver.Transfer.of(memory, bits);
  }

  EventLog log() {
    return log;
  }

  /** Steps that fit. */
  int room() {
    return room;
  }

  /** Of the bits. */
  long address() {
    return memory.address() + 4L * HEAD_WORDS;
  }

  /** Of the word that says when some state was last not finite. */
  long notFiniteAddress() {
    return memory.address();
  }

  /** When some state was last not finite, as pulled: the steps that had been run. */
  int notFinite() {
    return bits[0];
  }

  long bytes() {
    return memory.bytes();
  }

  /** Logs steps {@code [step, step + steps)}. */
  void pull(int step, int steps) {
    transfer.read(4L * (HEAD_WORDS + steps * words));
    for (int s = 0; s < steps; s++) {
      int count = 0;
      for (int w = 0; w < words; w++) {
        for (int rest = bits[HEAD_WORDS + s * words + w]; rest != 0; rest &= rest - 1) {
          events[count++] = 32 * w + Integer.numberOfTrailingZeros(rest);
        }
      }
      if (count > 0) {
        log.add(step + s, events, count);
      }
    }
  }
}
