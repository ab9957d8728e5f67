/**
 * Networks as data: populations of neurons, projections between them, inputs to them. {@link
 * spindle.model.Assembly} turns a {@link spindle.model.Network} into the program of one time step.
 *
 * <p>A neuron model is one record in {@code model.neuron}, a synapse one in {@code model.synapse};
 * each traces its own equations and nothing else knows it by name.
 */
package spindle.model;
