/** Runs sweeps on Spark: resume, packing, fan-out, failure policy, progress, publishing. */
package spindle.job;
