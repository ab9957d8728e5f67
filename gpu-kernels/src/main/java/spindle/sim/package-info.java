/**
 * Networks in time: {@link spindle.sim.Simulation} marries a network and a backend, {@link
 * spindle.sim.Clock} runs it and calls its probes.
 */
package spindle.sim;
