package spindle.task;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A unit of measure: a symbol, its dimension and the power of ten that takes it to the SI unit. */
public enum Unit {
  ONE("", Dimension.NONE, 0),
  SECOND("s", Dimension.TIME, 0),
  MILLISECOND("ms", Dimension.TIME, -3),
  MICROSECOND("us", Dimension.TIME, -6),
  VOLT("V", Dimension.VOLTAGE, 0),
  MILLIVOLT("mV", Dimension.VOLTAGE, -3),
  AMPERE("A", Dimension.CURRENT, 0),
  MICROAMPERE("uA", Dimension.CURRENT, -6),
  NANOAMPERE("nA", Dimension.CURRENT, -9),
  PICOAMPERE("pA", Dimension.CURRENT, -12),
  SIEMENS("S", Dimension.CONDUCTANCE, 0),
  MILLISIEMENS("mS", Dimension.CONDUCTANCE, -3),
  MICROSIEMENS("uS", Dimension.CONDUCTANCE, -6),
  NANOSIEMENS("nS", Dimension.CONDUCTANCE, -9),
  PICOSIEMENS("pS", Dimension.CONDUCTANCE, -12),
  FARAD("F", Dimension.CAPACITANCE, 0),
  NANOFARAD("nF", Dimension.CAPACITANCE, -9),
  PICOFARAD("pF", Dimension.CAPACITANCE, -12),
  HERTZ("Hz", Dimension.FREQUENCY, 0),
  KILOHERTZ("kHz", Dimension.FREQUENCY, 3),
  METRE("m", Dimension.LENGTH, 0),
  MILLIMETRE("mm", Dimension.LENGTH, -3),
  MICROMETRE("um", Dimension.LENGTH, -6),
  SQUARE_METRE("m2", Dimension.AREA, 0),
  SQUARE_CENTIMETRE("cm2", Dimension.AREA, -4),
  SQUARE_MICROMETRE("um2", Dimension.AREA, -12),
  SIEMENS_PER_SQUARE_METRE("S/m2", Dimension.CONDUCTANCE_PER_AREA, 0),
  SIEMENS_PER_SQUARE_CENTIMETRE("S/cm2", Dimension.CONDUCTANCE_PER_AREA, 4),
  MILLISIEMENS_PER_SQUARE_CENTIMETRE("mS/cm2", Dimension.CONDUCTANCE_PER_AREA, 1),
  FARAD_PER_SQUARE_METRE("F/m2", Dimension.CAPACITANCE_PER_AREA, 0),
  MICROFARAD_PER_SQUARE_CENTIMETRE("uF/cm2", Dimension.CAPACITANCE_PER_AREA, -2),
  BYTE("B", Dimension.BYTES, 0),
  MEGABYTE("MB", Dimension.BYTES, 6),
  GIGABYTE("GB", Dimension.BYTES, 9);

  private final String symbol;
  private final Dimension dimension;
  private final int exponent;

  Unit(String symbol, Dimension dimension, int exponent) {
    this.symbol = symbol;
    this.dimension = dimension;
    this.exponent = exponent;
  }

  /** The symbol as written after a number, empty for plain numbers. */
  public String symbol() {
    return symbol;
  }

  /** What this unit measures. */
  public Dimension dimension() {
    return dimension;
  }

  /** The power of ten that takes a value in this unit to SI. */
  public int exponent() {
    return exponent;
  }

  /** The unit with this symbol; case matters (mV is not MV). */
  public static Optional<Unit> of(String symbol) {
    return Arrays.stream(values()).filter(u -> u.symbol.equals(symbol)).findFirst();
  }

  /** Every unit of a dimension, largest first. */
  public static List<Unit> of(Dimension dimension) {
    return Arrays.stream(values()).filter(u -> u.dimension == dimension).toList();
  }
}
