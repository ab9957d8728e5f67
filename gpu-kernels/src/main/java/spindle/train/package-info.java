/** Learning: data sets in {@code data}, linear readouts in {@code readout}. */
package spindle.train;
