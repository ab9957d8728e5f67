package spindle.train.loop;

import java.util.Optional;

/** Where checkpoints survive the process that wrote them. */
public interface Archive {
  /** Keeps nothing. */
  Archive NONE =
      new Archive() {
        @Override
        public Optional<Checkpoint> latest() {
          return Optional.empty();
        }

        @Override
        public void save(Checkpoint checkpoint) {}
      };

  /** The last whole checkpoint; a damaged one is passed over for the one before. */
  Optional<Checkpoint> latest();

  /** Keeps a checkpoint, all or nothing; the one before stays until this one is whole. */
  void save(Checkpoint checkpoint);
}
