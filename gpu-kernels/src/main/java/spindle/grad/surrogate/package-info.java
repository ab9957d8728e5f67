/**
 * Surrogate derivatives of spikes, one record per published function. To add one, write a record
 * that {@link spindle.grad.surrogate.Surrogate} permits and put it into its list.
 */
package spindle.grad.surrogate;
