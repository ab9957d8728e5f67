/** Ion channels, one record each; a conductance-based neuron is made of them. */
package spindle.model.channel;
