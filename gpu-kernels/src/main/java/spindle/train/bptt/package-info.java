/** Back propagation through time: gradients of a loss at the end of many steps. */
package spindle.train.bptt;
