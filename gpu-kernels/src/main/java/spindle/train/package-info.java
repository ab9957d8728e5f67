/**
 * Learning: data sets in {@code data}, linear readouts in {@code readout}, reservoirs in {@code
 * reservoir}; and what training by gradients is made of: {@code loss}, {@code optimizer}, {@code
 * initial}, {@code encode}.
 */
package spindle.train;
