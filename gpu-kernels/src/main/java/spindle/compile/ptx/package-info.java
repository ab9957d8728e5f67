/**
 * The CUDA target: writes the stages of a {@link spindle.compile.Schedule} as PTX text that any
 * NVIDIA driver since CUDA 9 assembles. Every rounding is explicit, so that nothing is contracted.
 */
package spindle.compile.ptx;
