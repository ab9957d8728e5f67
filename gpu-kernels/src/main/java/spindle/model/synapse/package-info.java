/** Synapse dynamics and outputs, one record each. */
package spindle.model.synapse;
