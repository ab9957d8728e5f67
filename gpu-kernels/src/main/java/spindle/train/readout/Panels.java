package spindle.train.readout;

/** Samples cut into panels as wide as the tiles of their Gram matrix, in float64. */
final class Panels {
  private final double[][][] panels;

  Panels(Features features) {
    int units = features.units();
    int samples = features.samples();
    // Rows of zeros fill the last group up: adding 0 changes no sum.
    int rows = (samples + RankUpdate.ROWS - 1) / RankUpdate.ROWS * RankUpdate.ROWS;
    panels = new double[Tiles.across(units)][][];
    for (int p = 0; p < panels.length; p++) {
      panels[p] = new double[rows][Math.min(Tiles.WIDTH, units - p * Tiles.WIDTH)];
    }
    double[] row = new double[units];
    for (int s = 0; s < samples; s++) {
      features.read(s, row, 0);
      for (int p = 0; p < panels.length; p++) {
        System.arraycopy(row, p * Tiles.WIDTH, panels[p][s], 0, panels[p][s].length);
      }
    }
  }

  /** Adds the products of tile row {@code i} and tile column {@code j}, sample after sample. */
  void addProducts(double[][] tile, int i, int j) {
    new RankUpdate(1, panels[i], panels[j]).addTo(tile);
  }
}
