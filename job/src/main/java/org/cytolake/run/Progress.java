package org.cytolake.run;

/** Is told how far a run is. Calls may come from any thread. */
public interface Progress {
  /** Says nothing. */
  Progress NONE =
      new Progress() {
        @Override
        public void begin(String what, long images, long bytes) {}

        @Override
        public void done(double images) {}

        @Override
        public void end() {}
      };

  /**
   * A part of the run begins.
   *
   * @param what in the words of the user, such as "reading pixels"
   * @param images that it has to do; 0 where it cannot be counted
   * @param bytes of those images' files; 0 where nobody knows
   */
  void begin(String what, long images, long bytes);

  /**
   * So many images of the part are done, and a share of one; where it is not counted in images, its
   * share, 0 to 1.
   */
  void done(double images);

  /** The part is finished. */
  void end();

  /** A batch is being committed from now on. */
  default void committing() {}

  /**
   * A batch is committed.
   *
   * @param images of all batches that are committed
   * @param of all images that the run has to do
   */
  default void committed(long images, long of) {}
}
