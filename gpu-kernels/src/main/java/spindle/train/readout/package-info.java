/**
 * Linear readouts of recorded activity, in float64: {@link spindle.train.readout.Gram} gathers the
 * normal equations block by block, {@link spindle.train.readout.Ridge} solves them, {@link
 * spindle.train.readout.Rls} learns sample by sample. Every sum has one order, so the bits do not
 * depend on the machine.
 */
package spindle.train.readout;
