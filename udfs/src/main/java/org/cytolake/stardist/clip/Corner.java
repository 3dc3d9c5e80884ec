package org.cytolake.stardist.clip;

/** A corner of a ring of the output. */
final class Corner {
  int x;
  int y;
  OutputRing ring; // the ring it was added to; see OutputRing.whole
  Corner next = this;
  Corner previous = this;

  Corner(OutputRing ring, int x, int y) {
    this.ring = ring;
    this.x = x;
    this.y = y;
  }

  boolean isAt(int column, int row) {
    return x == column && y == row;
  }

  boolean coincidesWith(Corner other) {
    return x == other.x && y == other.y;
  }

  void linkTo(Corner follower) {
    next = follower;
    follower.previous = this;
  }

  /** Adds the same point to the ring once more. */
  Corner repeat(boolean behind) {
    Corner twin = new Corner(ring, x, y);
    if (behind) {
      twin.linkTo(next);
      linkTo(twin);
    } else {
      previous.linkTo(twin);
      twin.linkTo(this);
    }
    return twin;
  }

  /** Nearest corner ahead that lies elsewhere; this one where there is none. */
  Corner elsewhere(boolean ahead) {
    Corner c = ahead ? next : previous;
    while (c != this && c.coincidesWith(this)) {
      c = ahead ? c.next : c.previous;
    }
    return c;
  }
}
