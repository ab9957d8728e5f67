package spindle.backend.cuda

import java.nio.charset.StandardCharsets.US_ASCII
import java.nio.{ByteBuffer, ByteOrder}

/** Reads 64-bit ELF files: libraries and machine code for GPUs. */
object Elf {
  /** A section: its name, type, contents, and the number of the section it is linked to. */
  final case class Section(name: String, kind: Int, bytes: ByteBuffer, link: Int)

  private def buffer(bytes: Array[Byte]) = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)

  private def text(strings: ByteBuffer, at: Int): String = {
    val end = (at until strings.limit()).find(strings.get(_) == 0).get
    val bytes = new Array[Byte](end - at)
    strings.get(at, bytes)
    new String(bytes, US_ASCII)
  }

  def sections(file: Array[Byte]): Vector[Section] = {
    val elf = buffer(file)
    require(elf.getInt(0) == 0x464c457f, "no ELF file")
    val (first, size, count, names) = (elf.getLong(40).toInt, elf.getShort(58), elf.getShort(60), elf.getShort(62))
    val bare = Vector.tabulate(count.toInt) { k =>
      val at = first + k * size
      val kind = elf.getInt(at + 4)
      val length = if (kind == 8) 0 else elf.getLong(at + 32).toInt // 8: takes no room in the file
      val bytes = buffer(file).slice(elf.getLong(at + 24).toInt, length).order(ByteOrder.LITTLE_ENDIAN)
      elf.getInt(at) -> Section("", kind, bytes, elf.getInt(at + 40))
    }
    bare.map { case (name, s) => s.copy(name = text(bare(names.toInt)._2.bytes, name)) }
  }

  /** Names that a library expects others to define. */
  def undefined(file: Array[Byte]): Vector[String] = symbols(file).collect { case (name, 0) => name }

  /** Names that a library defines. */
  def defined(file: Array[Byte]): Vector[String] = symbols(file).collect { case (name, section) if section != 0 => name }

  /** Dynamic symbols with the section that defines them. */
  private def symbols(file: Array[Byte]): Vector[(String, Int)] = {
    val all = sections(file)
    val table = all.find(_.kind == 11).get
    val strings = all(table.link).bytes
    (0 until table.bytes.limit() by 24).toVector
      .filter(at => table.bytes.getInt(at) != 0)
      .map(at => text(strings, table.bytes.getInt(at)) -> table.bytes.getShort(at + 6).toInt)
  }
}
