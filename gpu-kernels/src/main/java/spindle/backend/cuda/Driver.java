package spindle.backend.cuda;

import static jcuda.driver.JCudaDriver.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.CUuuid;
import jcuda.driver.JCudaDriver;

/** The CUDA driver: with {@link Assembler} the only class that touches JCuda. */
final class Driver {
  private Driver() {}

  /** Loads the driver; its version, as in 12060 for CUDA 12.6. */
  static int start() {
    return Natives.loading(
        () -> {
          JCudaDriver.setExceptionsEnabled(false);
          check("cuInit", cuInit(0));
          var version = new int[1];
          check("cuDriverGetVersion", cuDriverGetVersion(version));
          return version[0];
        });
  }

  private static void check(String call, int code) {
    if (code != 0) {
      var text = new String[1];
      cuGetErrorString(code, text);
      var error = new CudaError(call, code, String.valueOf(text[0]));
      Devices.hear(error);
      throw error;
    }
  }

  /** Number of devices. */
  static int devices() {
    var count = new int[1];
    check("cuDeviceGetCount", cuDeviceGetCount(count));
    return count[0];
  }

  private static CUdevice device(int ordinal) {
    var device = new CUdevice();
    check("cuDeviceGet", cuDeviceGet(device, ordinal));
    return device;
  }

  static String name(int ordinal) {
    var name = new byte[256];
    check("cuDeviceGetName", cuDeviceGetName(name, name.length, device(ordinal)));
    return new String(name, StandardCharsets.UTF_8).split("\0", 2)[0];
  }

  /** 16 bytes that no other device has. */
  static byte[] uuid(int ordinal) {
    var uuid = new CUuuid();
    check("cuDeviceGetUuid", cuDeviceGetUuid(uuid, device(ordinal)));
    return uuid.bytes;
  }

  /** An attribute as numbered by CUdevice_attribute. */
  static int attribute(int ordinal, int attribute) {
    var value = new int[1];
    check("cuDeviceGetAttribute", cuDeviceGetAttribute(value, attribute, device(ordinal)));
    return value[0];
  }

  static long totalBytes(int ordinal) {
    var bytes = new long[1];
    check("cuDeviceTotalMem", cuDeviceTotalMem(bytes, device(ordinal)));
    return bytes[0];
  }

  /**
   * The one context of this process on a device. It is retained for good: Spark gives an executor
   * its GPU for as long as it lives, and a task that follows another would have to make the context
   * and load all modules anew. What a task allocates in it goes with the task; the driver frees the
   * rest when the process ends.
   */
  static final class Context {
    private final CUcontext context = new CUcontext();

    Context(int ordinal) {
      check("cuDevicePrimaryCtxRetain", cuDevicePrimaryCtxRetain(context, device(ordinal)));
    }

    /** Makes it the one of the calling thread. */
    void use() {
      check("cuCtxSetCurrent", cuCtxSetCurrent(context));
    }
  }

  /** Free memory of the current device [B]. */
  static long freeBytes() {
    var free = new long[1];
    var total = new long[1];
    check("cuMemGetInfo", cuMemGetInfo(free, total));
    return free[0];
  }

  /** JCuda keeps the address to itself. */
  private static final class Address extends CUdeviceptr {
    long value() {
      return getNativePointer();
    }
  }

  /** Device memory of the current context. */
  static final class Memory implements Held.Resource {
    private final Address address = new Address();
    private final long bytes;

    /** Memory that is all 0. */
    Memory(long bytes) {
      this.bytes = bytes;
      check("cuMemAlloc of " + bytes + " bytes", cuMemAlloc(address, Math.max(1, bytes)));
      check("cuMemsetD8", cuMemsetD8(address, (byte) 0, bytes));
    }

    long address() {
      return address.value();
    }

    long bytes() {
      return bytes;
    }

    private CUdeviceptr at(long offset) {
      return address.withByteOffset(offset);
    }

    /** Copies elements of an array of numbers here. */
    void write(long offset, Object array, int count) {
      long size = size(array) * (long) count;
      check("cuMemcpyHtoD", cuMemcpyHtoD(at(offset), pointer(array), size));
    }

    /** Copies to an array of numbers. */
    void read(long offset, Object array, int count) {
      long size = size(array) * (long) count;
      check("cuMemcpyDtoH", cuMemcpyDtoH(pointer(array), at(offset), size));
    }

    private static Pointer pointer(Object array) {
      if (array instanceof float[] f) {
        return Pointer.to(f);
      } else if (array instanceof double[] d) {
        return Pointer.to(d);
      }
      return array instanceof long[] l ? Pointer.to(l) : Pointer.to((int[]) array);
    }

    private static int size(Object array) {
      return array instanceof double[] || array instanceof long[] ? 8 : 4;
    }

    @Override
    public void close() {
      check("cuMemFree", cuMemFree(address));
    }
  }

  /** A copy between a host array or buffer and device memory, prepared once to be made often. */
  static final class Transfer {
    private final CUdeviceptr device;
    private final Pointer host;

    private Transfer(CUdeviceptr device, Pointer host) {
      this.device = device;
      this.host = host;
    }

    /** Between a buffer and a place in device memory. */
    static Transfer of(Memory memory, ByteBuffer buffer) {
      return new Transfer(memory.at(0), Pointer.toBuffer(buffer));
    }

    /** Between memory of the host and of the device. */
    static Transfer of(Memory memory, HostMemory host) {
      return new Transfer(memory.at(0), host.address);
    }

    /** Copies some bytes to the device. */
    void write(long bytes) {
      check("cuMemcpyHtoD", cuMemcpyHtoD(device, host, bytes));
    }

    /** Has some bytes copied from the device after all that is queued. */
    void read(long bytes, Stream after) {
      check("cuMemcpyDtoHAsync", cuMemcpyDtoHAsync(host, device, bytes, after.stream));
    }
  }

  /** A loaded module. */
  static final class Module implements Held.Resource {
    private final CUmodule module = new CUmodule();

    /**
     * Loads PTX or machine code.
     *
     * @param image text needs a 0 at its end
     */
    Module(byte[] image) {
      check("cuModuleLoadData", cuModuleLoadData(module, image));
    }

    Function function(String name) {
      var function = new CUfunction();
      check("cuModuleGetFunction", cuModuleGetFunction(function, module, name));
      return new Function(function);
    }

    @Override
    public void close() {
      check("cuModuleUnload", cuModuleUnload(module));
    }
  }

  /** A kernel. */
  record Function(CUfunction handle) {
    /** Threads that its registers allow per block. */
    int mostThreads() {
      var value = new int[1];
      int which = CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK;
      check("cuFuncGetAttribute", cuFuncGetAttribute(value, which, handle));
      return value[0];
    }

    /** Blocks that a multiprocessor has room for at a time. */
    int residentBlocks(int threads, int sharedBytes) {
      var value = new int[1];
      check(
          "cuOccupancyMaxActiveBlocksPerMultiprocessor",
          cuOccupancyMaxActiveBlocksPerMultiprocessor(value, handle, threads, sharedBytes));
      return value[0];
    }

    /** Allows more dynamic shared memory than the default of 48 KiB [B]. */
    void allowShared(int bytes) {
      int which = CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
      check("cuFuncSetAttribute", cuFuncSetAttribute(handle, which, bytes));
    }
  }

  /** Memory of the host whose address Java knows. */
  private static final class HostAddress extends Pointer {
    long value() {
      return getNativePointer();
    }
  }

  /** Memory of the host that the device copies from and to without a detour. */
  static final class HostMemory implements Held.Resource {
    private final HostAddress address = new HostAddress();
    private final ByteBuffer buffer;

    HostMemory(long bytes) {
      check("cuMemAllocHost of " + bytes + " bytes", cuMemAllocHost(address, bytes));
      this.buffer = address.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
    }

    /** A view of all of it. */
    ByteBuffer buffer() {
      return buffer.duplicate().order(buffer.order());
    }

    @Override
    public void close() {
      check("cuMemFreeHost", cuMemFreeHost(address));
    }
  }

  /**
   * A kernel with its only argument, prepared once: JCuda takes half the time for arguments that
   * lie in memory as the driver wants them, behind a list of their addresses.
   *
   * @param argument the address of the argument, then the argument, which is an address too
   */
  record Launch(Function function, Size size, HostMemory argument) implements Held.Resource {
    static Launch of(Function function, Size size, long argument) {
      var memory = new HostMemory(2L * Long.BYTES);
      memory.buffer.putLong(0, memory.address.value() + Long.BYTES).putLong(Long.BYTES, argument);
      return new Launch(function, size, memory);
    }

    @Override
    public void close() {
      argument.close();
    }

    /** The same with another number of blocks. */
    Launch withBlocks(int blocks) {
      var other = new Size(blocks, size.threads(), size.shared());
      return new Launch(function, other, argument);
    }
  }

  /**
   * How many run a kernel.
   *
   * @param shared dynamic shared memory per block [B]
   */
  record Size(int blocks, int threads, int shared) {}

  /** A queue of launches, which may be recorded and repeated. */
  static final class Stream implements Held.Resource {
    private final CUstream stream = new CUstream();

    Stream() {
      this(CUstream_flags.CU_STREAM_DEFAULT);
    }

    private Stream(int flags) {
      check("cuStreamCreate", cuStreamCreate(stream, flags));
    }

    void launch(Launch l) {
      Size s = l.size();
      check(
          "cuLaunchKernel",
          cuLaunchKernel(
              l.function().handle(),
              s.blocks(),
              1,
              1,
              s.threads(),
              1,
              1,
              s.shared(),
              stream,
              l.argument().address,
              null));
    }

    void launch(Graph graph) {
      check("cuGraphLaunch", cuGraphLaunch(graph.exec, stream));
    }

    /** Waits until all is done. */
    void await() {
      check("cuStreamSynchronize", cuStreamSynchronize(stream));
    }

    /**
     * Records launches instead of performing them: in a queue that copies of other threads do not
     * wait for, as they would break the recording.
     */
    static Graph record(Consumer<Stream> launches) {
      try (var apart = new Stream(CUstream_flags.CU_STREAM_NON_BLOCKING)) {
        int mode = CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL;
        check("cuStreamBeginCapture", cuStreamBeginCapture(apart.stream, mode));
        launches.accept(apart);
        return new Graph(apart.stream);
      }
    }

    @Override
    public void close() {
      check("cuStreamDestroy", cuStreamDestroy(stream));
    }
  }

  /** Launches in order, performed by one call. */
  static final class Graph implements Held.Resource {
    private final CUgraphExec exec = new CUgraphExec();

    private Graph(CUstream captured) {
      var graph = new CUgraph();
      check("cuStreamEndCapture", cuStreamEndCapture(captured, graph));
      check("cuGraphInstantiate", cuGraphInstantiate(exec, graph, 0));
      check("cuGraphDestroy", cuGraphDestroy(graph));
    }

    @Override
    public void close() {
      check("cuGraphExecDestroy", cuGraphExecDestroy(exec));
    }
  }
}
