package spindle.train.readout;

/**
 * A matrix of samples by units: what a readout learns from, or what it is to answer.
 *
 * <p>Samples are read one by one, so that each layout says only where a sample lies.
 */
public interface Features {
  /** Number of samples. */
  int samples();

  /** Number of units. */
  int units();

  /** Copies a sample to {@code row}, from index {@code at} on. */
  void read(int sample, double[] row, int at);

  /** The samples from {@code from} on. */
  default Features slice(int from, int count) {
    return new Slice(this, from, count);
  }

  /** Values in float32, sample after sample. */
  static Features bySample(float[] values, int samples, int units) {
    return new Floats(values, samples, units, units, 1);
  }

  /** Values in float64, sample after sample. */
  static Features bySample(double[] values, int samples, int units) {
    return new Doubles(values, samples, units, units, 1);
  }

  /** Values in float32, unit after unit: the state of a batch. */
  static Features byUnit(float[] values, int samples, int units) {
    return new Floats(values, samples, units, 1, samples);
  }

  /** Values in float64, unit after unit: the state of a batch. */
  static Features byUnit(double[] values, int samples, int units) {
    return new Doubles(values, samples, units, 1, samples);
  }

  /** One unit per class: 1 for a sample's own, else 0; labels are unsigned. */
  static Features oneHot(byte[] labels, int classes) {
    return new OneHot(labels, classes);
  }

  /** Values at {@code sample * sampleStride + unit * unitStride}. */
  record Floats(float[] values, int samples, int units, int sampleStride, int unitStride)
      implements Features {
    public Floats {
      Doubles.check(values.length, samples, units);
    }

    @Override
    public void read(int sample, double[] row, int at) {
      int from = sample * sampleStride;
      for (int u = 0; u < units; u++) {
        row[at + u] = values[from + u * unitStride];
      }
    }
  }

  /** Values at {@code sample * sampleStride + unit * unitStride}. */
  record Doubles(double[] values, int samples, int units, int sampleStride, int unitStride)
      implements Features {
    public Doubles {
      check(values.length, samples, units);
    }

    @Override
    public void read(int sample, double[] row, int at) {
      int from = sample * sampleStride;
      for (int u = 0; u < units; u++) {
        row[at + u] = values[from + u * unitStride];
      }
    }

    private static void check(int length, int samples, int units) {
      if (samples < 0 || units < 0 || (long) samples * units != length) {
        throw new IllegalArgumentException(
            samples + " samples of " + units + " units do not fit " + length + " values");
      }
    }
  }

  /** Labels as rows of 0 and a single 1. */
  record OneHot(byte[] labels, int units) implements Features {
    public OneHot {
      for (int s = 0; s < labels.length; s++) {
        if ((labels[s] & 0xff) >= units) {
          throw new IllegalArgumentException(
              "label of sample " + s + " must be in [0, " + units + "), got " + (labels[s] & 0xff));
        }
      }
    }

    @Override
    public int samples() {
      return labels.length;
    }

    @Override
    public void read(int sample, double[] row, int at) {
      java.util.Arrays.fill(row, at, at + units, 0);
      row[at + (labels[sample] & 0xff)] = 1;
    }
  }

  /** Some samples of others. */
  record Slice(Features of, int from, int samples) implements Features {
    public Slice {
      if (from < 0 || samples < 0 || (long) from + samples > of.samples()) {
        throw new IllegalArgumentException(
            "cannot take " + samples + " samples from " + from + " on: there are " + of.samples());
      }
    }

    @Override
    public int units() {
      return of.units();
    }

    @Override
    public void read(int sample, double[] row, int at) {
      of.read(from + sample, row, at);
    }
  }
}
