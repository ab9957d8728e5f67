/**
 * Connectivities as row expressions: each record says which synapses a row has, as a function of
 * seed, row and column chunk alone, so that stored and regenerated, forward and transposed uses see
 * one matrix. To add one, write a record that implements {@link spindle.connect.Connectivity}.
 */
package spindle.connect;
