/**
 * How numbers become input of spiking networks, as expressions of a step: the same input for a
 * member of a batch whichever members stand beside it.
 */
package spindle.train.encode;
