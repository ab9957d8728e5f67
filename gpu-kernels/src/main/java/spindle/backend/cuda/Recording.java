package spindle.backend.cuda;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import spindle.backend.EventLog;
import spindle.compile.ptx.Arena;

/**
 * The events of a variable, a bit per neuron and step, until they are pulled into its log; before
 * them a word for when some state was last not finite.
 */
final class Recording {
  /** Of a trial that has the device alone; of many, each has a share of what the host can spare. */
  private static final long MOST_BYTES = 8L << 20;

  private static final long MOST_BYTES_EACH = 2L << 20;

  /** Of which the first word is used: what follows is aligned. */
  private static final int HEAD_BYTES = 16;

  private final EventLog log = new EventLog();
  private final Driver.Memory memory;
  private final Driver.Transfer transfer;
  private final ByteBuffer head;
  private final LongBuffer bits;
  private final int neurons;
  private final int longs;
  private final int room;
  private final Part[] parts;

  /**
   * Who else there is.
   *
   * @param trials that run side by side
   * @param parts most parts in which {@link #unpack} will be asked for
   */
  record Sharing(int trials, int parts) {}

  Recording(int neurons, Sharing sharing, Held held) {
    this.neurons = neurons;
    this.longs = Arena.recordedBytes(neurons) / Long.BYTES;
    long most = sharing.trials() == 1 ? MOST_BYTES : MOST_BYTES_EACH;
    long rows = most / Math.max(1, (long) longs * Long.BYTES);
    this.room = (int) Math.max(1, Math.min(Pack.MOST_STEPS, rows));
    long bytes = HEAD_BYTES + (long) room * longs * Long.BYTES;
    this.memory = held.keep(new Driver.Memory(bytes));
    Driver.HostMemory host = held.keep(new Driver.HostMemory(bytes));
    this.head = host.buffer();
    this.bits = host.buffer().position(HEAD_BYTES).slice().order(head.order()).asLongBuffer();
    this.transfer = Driver.Transfer.of(memory, host);
    this.parts = new Part[sharing.parts()];
  }

  /** What one thread unpacks. */
  private final class Part {
    private final EventLog log;
    private final long[] row = new long[longs];
    private final int[] events = new int[neurons];

    private Part(EventLog log) {
      this.log = log;
    }

    private void unpack(int step, int from, int to) {
      for (int s = from; s < to; s++) {
        bits.get(s * longs, row);
        int count = 0;
        for (int w = 0; w < row.length; w++) {
          for (long rest = row[w]; rest != 0; rest &= rest - 1) {
            events[count++] = Long.SIZE * w + Long.numberOfTrailingZeros(rest);
          }
        }
        if (count > 0) {
          log.add(step + s, events, count);
        }
      }
    }
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
    return memory.address() + HEAD_BYTES;
  }

  /** Of the word that says when some state was last not finite. */
  long notFiniteAddress() {
    return memory.address();
  }

  /** When some state was last not finite, as pulled: the steps that had been run. */
  int notFinite() {
    return head.getInt(0);
  }

  long bytes() {
    return memory.bytes();
  }

  /** Has the last steps copied to the host. */
  void fetch(int steps, Driver.Stream after) {
    transfer.read(HEAD_BYTES + (long) steps * longs * Long.BYTES, after);
  }

  /**
   * Unpacks a part of what was fetched, beside others.
   *
   * @param step number of the first step that was fetched
   * @param part number of the part
   * @param of how many parts there are
   */
  void unpack(int step, int steps, int part, int of) {
    if (parts[part] == null) {
      parts[part] = new Part(part == 0 ? log : new EventLog());
    }
    if (part > 0) {
      parts[part].log.clear(); // of what was not joined because something failed
    }
    int from = (int) ((long) steps * part / of);
    parts[part].unpack(step, from, (int) ((long) steps * (part + 1) / of));
  }

  /** Logs what was unpacked, in order. */
  void join(int of) {
    for (int part = 1; part < of; part++) {
      log.addAll(parts[part].log);
      parts[part].log.clear();
    }
  }
}
