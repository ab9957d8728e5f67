/** Neuron models, one record each. */
package spindle.model.neuron;
