package spindle.backend.cpu;

import java.lang.reflect.Array;

/** In which order the elements of a vector lie in its array, which may be longer. */
interface Kept {
  /** As the program numbers them. */
  Kept AS_NUMBERED =
      new Kept() {
        @Override
        public int size(int elements) {
          return elements;
        }

        @Override
        public int place(int element) {
          return element;
        }

        @Override
        public void put(Object values, Object array) {
          System.arraycopy(values, 0, array, 0, Array.getLength(values));
        }

        @Override
        public void get(Object array, Object values) {
          System.arraycopy(array, 0, values, 0, Array.getLength(values));
        }
      };

  /** Elements that its array needs, those between them included. */
  int size(int elements);

  /** Where an element is, by its number in the program. */
  int place(int element);

  /** Copies all in; {@code values} are numbered as in the program. */
  void put(Object values, Object array);

  /** Copies all out. */
  void get(Object array, Object values);
}
