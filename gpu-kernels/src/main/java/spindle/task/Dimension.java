package spindle.task;

/** A physical dimension a parameter can have; quantities of different dimensions never mix. */
public enum Dimension {
  NONE("a plain number"),
  TIME("time"),
  VOLTAGE("voltage"),
  CURRENT("current"),
  CONDUCTANCE("conductance"),
  CAPACITANCE("capacitance"),
  FREQUENCY("frequency"),
  LENGTH("length"),
  AREA("area"),
  CONDUCTANCE_PER_AREA("conductance per area"),
  CAPACITANCE_PER_AREA("capacitance per area"),
  BYTES("memory");

  private final String label;

  Dimension(String label) {
    this.label = label;
  }

  /** The word used in messages: {@code expected conductance, got voltage}. */
  public String label() {
    return label;
  }
}
