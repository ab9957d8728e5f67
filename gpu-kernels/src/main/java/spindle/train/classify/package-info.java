/** Spiking networks that classify images, trained by back propagation through time. */
package spindle.train.classify;
