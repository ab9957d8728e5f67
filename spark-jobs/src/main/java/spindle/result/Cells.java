package spindle.result;

import java.util.Arrays;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** A row filled by column name; what is never set is null. */
final class Cells {
  private final StructType schema;
  private final Object[] values;

  Cells(StructType schema) {
    this.schema = schema;
    this.values = new Object[schema.size()];
  }

  Cells set(String column, Object value) {
    values[schema.fieldIndex(column)] = value;
    return this;
  }

  Row row() {
    return RowFactory.create(Arrays.copyOf(values, values.length));
  }
}
