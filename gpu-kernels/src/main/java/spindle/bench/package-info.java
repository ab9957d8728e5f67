/** Benchmarks: each prints one JSON object; none needs Spark. */
package spindle.bench;
