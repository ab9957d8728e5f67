package spindle.cli

import java.nio.file.{Files, Path}
import java.nio.file.attribute.PosixFilePermissions

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

class NvidiaSuite extends AnyFunSuite {
  private val folder = Files.createTempDirectory("nvidia")
  private val lib = Files.createDirectory(folder.resolve("lib"))
  private val empty = Files.createDirectory(folder.resolve("empty"))
  private val proc = Files.createDirectory(folder.resolve("proc"))
  Files.writeString(lib.resolve("libcuda.so.1"), "")
  Files.writeString(proc.resolve("version"),
    "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu Feb 22 01:44:30 UTC 2024\nGCC version: gcc 12\n")

  private def smi(script: String): String = {
    val file = Files.writeString(Files.createTempFile(folder, "smi", ""), "#!/bin/sh\n" + script + "\n")
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------")).toString
  }

  private def nvidia(folder: Path, proc: Path, smi: String) = new Nvidia(Seq(folder).asJava, proc, smi)

  test("a machine without a driver is told what was looked for, and where") {
    val none = nvidia(empty, empty, folder.resolve("no-such-program").toString)
    assert(none.driver === s"no NVIDIA driver found (libcuda.so.1 is in none of $empty)")
    assert(none.listing.asScala === Seq("not installed"))
  }

  test("a driver is shown with library and version, a broken one with what is missing") {
    assert(nvidia(lib, proc, "").driver === s"$lib/libcuda.so.1, kernel module 550.54.14")
    assert(nvidia(lib, empty, "").driver === s"$lib/libcuda.so.1, no kernel module loaded")
    assert(nvidia(empty, proc, "").driver.startsWith("kernel module 550.54.14, but libcuda.so.1 is missing"))
  }

  test("devices have a line each; a program that fails says why") {
    val two = smi("echo '0, NVIDIA H200, 143771 MiB, 550.54'; echo '1, NVIDIA H200, 143771 MiB, 550.54'")
    assert(nvidia(lib, proc, two).listing.asScala ===
      Seq("0, NVIDIA H200, 143771 MiB, 550.54", "1, NVIDIA H200, 143771 MiB, 550.54"))
    val broken = smi("echo 'Failed to initialize NVML'; exit 9")
    assert(nvidia(lib, proc, broken).listing.asScala === Seq("failed: Failed to initialize NVML"))
    assert(nvidia(lib, proc, smi("true")).listing.asScala === Seq("failed: nothing said"))
  }

  test("the way of PTX names the version of JCuda and who assembles") {
    assert(Nvidia.ptxRoute.matches("JCuda 12\\.[0-9.]+ is on the class path; PTX becomes machine code by .*"))
  }
}
