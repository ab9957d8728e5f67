/**
 * Runs programs on NVIDIA GPUs through the driver alone; same bits as every other backend. {@link
 * spindle.backend.cuda.Driver} is the only class that touches JCuda.
 */
package spindle.backend.cuda;
