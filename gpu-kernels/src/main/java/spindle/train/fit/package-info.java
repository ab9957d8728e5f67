/** Fits parameters of a network so that what can be observed of it meets targets. */
package spindle.train.fit;
