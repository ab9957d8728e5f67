package spindle.job

import java.util.{Map => JMap, Set => JSet}

import spindle.backend.Arguments
import spindle.backend.cuda.{CudaError, Devices}
import spindle.ir.{DType, Trace, Type, Variable}
import spindle.sim.Backends

/**
 * A process that begins a task as an executor, after a launch with a parameter: arguments are the executor's name, the
 * parameter and how long to wait for an end [ms]. It says whether it got beyond.
 */
object LostMain {
  def main(args: Array[String]): Unit = {
    launch(args(1).toDouble)
    println(if (Devices.lost.isEmpty) "has its GPU" else "lost its GPU")
    SideBySide.demandContext(args(0), args(2).toLong)
    println("goes on")
  }

  private def launch(parameter: Double): Unit = {
    val t = new Trace("step")
    t.declare(Variable.of("x", Type.vector(DType.F32, 8)))
    t.store("x", t.load("x").plus(t.parameter("drive", DType.F32)))
    val e = Backends.named("cuda").load(t.finish(), new Arguments(JMap.of("drive", Double.box(parameter)), JSet.of()))
    try e.run(0, 1)
    catch { case error: CudaError => require(error.isFatal) }
  }
}
