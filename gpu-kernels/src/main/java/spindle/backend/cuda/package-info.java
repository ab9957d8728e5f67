/**
 * Runs programs on NVIDIA GPUs through the driver alone; same bits as every other backend. {@link
 * spindle.backend.cuda.Driver} and its Assembler are the only classes that touch JCuda.
 */
package spindle.backend.cuda;
