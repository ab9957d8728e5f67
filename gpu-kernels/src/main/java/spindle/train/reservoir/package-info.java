/** Reservoirs: random recurrent networks that are driven by data and read out, never trained. */
package spindle.train.reservoir;
