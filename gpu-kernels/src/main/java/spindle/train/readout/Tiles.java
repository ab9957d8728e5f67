package spindle.train.readout;

/**
 * A symmetric matrix in square tiles of the upper triangle: tile (i, j), i at most j, has number j
 * (j + 1) / 2 + i. Tiles of the last row and column may be narrower.
 *
 * <p>Each row of a tile is an array of its own: C2 vectorises a loop only if all its arrays share
 * one index.
 */
final class Tiles {
  /** Width: a tile and the panels that meet in it fit a second-level cache of 512 KiB. */
  static final int WIDTH = 128;

  private final int size;
  private final double[][][] tiles;

  /** A matrix of {@code size} rows whose tiles are yet to come. */
  Tiles(int size) {
    this.size = size;
    tiles = new double[count(size)][][];
  }

  /** Number of tiles in a matrix of {@code size} rows. */
  static int count(int size) {
    int across = across(size);
    return Math.multiplyExact(across, across + 1) / 2;
  }

  /** Number of tiles in a row of them. */
  static int across(int size) {
    return (size + WIDTH - 1) / WIDTH;
  }

  static int index(int i, int j) {
    return j * (j + 1) / 2 + i;
  }

  /** The tile row or column that holds tile {@code index}. */
  static int column(int index) {
    int j = (int) ((Math.sqrt(8.0 * index + 1) - 1) / 2);
    return index < index(0, j) ? j - 1 : index >= index(0, j + 1) ? j + 1 : j;
  }

  int size() {
    return size;
  }

  int across() {
    return across(size);
  }

  /** Number of rows in tile row {@code i}. */
  int width(int i) {
    return Math.min(WIDTH, size - i * WIDTH);
  }

  double[][] tile(int index) {
    return tiles[index];
  }

  void put(int index, double[][] tile) {
    tiles[index] = tile;
  }

  /** A tile of zeros as large as tile {@code index}. */
  double[][] zero(int index) {
    int j = column(index);
    return new double[width(index - index(0, j))][width(j)];
  }

  /** Entry of the matrix; either triangle. */
  double at(int row, int column) {
    int i = Math.min(row, column);
    int j = Math.max(row, column);
    return tiles[index(i / WIDTH, j / WIDTH)][i % WIDTH][j % WIDTH];
  }

  /** A copy of the first {@code n} rows and columns. */
  Tiles leading(int n) {
    Tiles copy = new Tiles(n);
    for (int j = 0; j < copy.across(); j++) {
      for (int i = 0; i <= j; i++) {
        double[][] tile = copy.zero(index(i, j));
        for (int r = 0; r < tile.length; r++) {
          System.arraycopy(tiles[index(i, j)][r], 0, tile[r], 0, tile[r].length);
        }
        copy.put(index(i, j), tile);
      }
    }
    return copy;
  }

  void addToDiagonal(double value) {
    for (int i = 0; i < size; i++) {
      tiles[index(i / WIDTH, i / WIDTH)][i % WIDTH][i % WIDTH] += value;
    }
  }

  /** Subtracts {@code factor a a'} from the upper triangle. */
  void subtractOuter(double factor, double[] a) {
    for (int j = 0; j < across(); j++) {
      for (int i = 0; i <= j; i++) {
        double[][] tile = tiles[index(i, j)];
        for (int r = 0; r < tile.length; r++) {
          double left = factor * a[i * WIDTH + r];
          for (int c = 0; c < tile[r].length; c++) {
            tile[r][c] -= left * a[j * WIDTH + c];
          }
        }
      }
    }
  }
}
