package org.cytolake.histogram;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What is known of the intensities of a plane, all from the same pixels: the histogram of every
 * channel and the joint histograms of chosen pairs of channels. Values are integers. Immutable;
 * states of tiles, planes or wells add up.
 *
 * @param channels of every channel
 * @param pairs the pairs of channels, distinct
 * @param joint of every pair
 */
public record PlaneHistograms(
    List<Histogram> channels, List<ChannelPair> pairs, List<JointHistogram> joint) {
  private static final int VERSION = 1;

  /**
   * Two different channels.
   *
   * @param x number of the first, from 0
   */
  public record ChannelPair(int x, int y) implements java.io.Serializable {
    public ChannelPair {
      if (x < 0 || y < 0 || x == y) {
        throw new IllegalArgumentException(
            "a pair is of two different channels from 0, not of " + x + " and " + y);
      }
    }

    @Override
    public String toString() {
      return x + "-" + y;
    }
  }

  public PlaneHistograms {
    channels = List.copyOf(channels);
    pairs = List.copyOf(pairs);
    joint = List.copyOf(joint);
    requireWithin(pairs, channels.size());
    if (joint.size() != pairs.size()) {
      throw new IllegalArgumentException(
          pairs.size() + " pairs have " + joint.size() + " joint histograms");
    }
    for (JointHistogram of : joint) {
      if (of.channels() != 2 || of.count() != channels.get(0).count()) {
        throw new IllegalArgumentException(of + " is none of a pair of the plane's channels");
      }
    }
    for (Histogram of : channels) {
      if (of.count() != channels.get(0).count()) {
        throw new IllegalArgumentException(of + " is not of the pixels of " + channels.get(0));
      }
    }
  }

  /**
   * Checks pairs of channels.
   *
   * @throws IllegalArgumentException if a pair occurs twice or names a channel that is not there
   */
  public static void requireWithin(List<ChannelPair> pairs, int channels) {
    for (ChannelPair pair : pairs) {
      if (Math.max(pair.x(), pair.y()) >= channels) {
        throw new IllegalArgumentException(
            "there is no pair " + pair + " of channels from 0 to " + (channels - 1));
      }
    }
    if (pairs.stream().distinct().count() < pairs.size()) {
      throw new IllegalArgumentException("a pair occurs twice among " + pairs);
    }
  }

  /** The joint histogram of two channels, x and y in this order. */
  public JointHistogram joint(int x, int y) {
    int index = pairs.indexOf(new ChannelPair(x, y));
    if (index < 0) {
      throw new IllegalArgumentException(
          "the pair " + x + "-" + y + " was not counted, but " + pairs);
    }
    return joint.get(index);
  }

  /** Number of pixels. */
  public long count() {
    return channels.isEmpty() ? 0 : channels.get(0).count();
  }

  /**
   * The distributions of both regions together.
   *
   * @throws IllegalArgumentException if the numbers of channels or the pairs differ
   */
  public PlaneHistograms plus(PlaneHistograms other) {
    if (channels.size() != other.channels.size() || !pairs.equals(other.pairs)) {
      throw new IllegalArgumentException(
          "histograms of "
              + channels.size()
              + " channels and the pairs "
              + pairs
              + " do not add up with those of "
              + other.channels.size()
              + " channels and "
              + other.pairs);
    }
    List<Histogram> sums = new ArrayList<>();
    for (int i = 0; i < channels.size(); i++) {
      sums.add(channels.get(i).plus(other.channels.get(i)));
    }
    List<JointHistogram> jointSums = new ArrayList<>();
    for (int i = 0; i < joint.size(); i++) {
      jointSums.add(joint.get(i).plus(other.joint.get(i)));
    }
    return new PlaneHistograms(sums, pairs, jointSums);
  }

  /**
   * All of it as bytes, 2 to 4 a tuple: the version; the histograms, each a size, then the steps
   * from value to value and the counts; the joint histograms likewise, in runs of one x. Equal
   * histograms give equal bytes.
   *
   * @throws IllegalArgumentException if a value is no integer
   */
  public byte[] toBytes() {
    VarintWriter out = new VarintWriter();
    out.unsigned(VERSION);
    out.unsigned(channels.size());
    for (Histogram of : channels) {
      write(of, out);
    }
    out.unsigned(pairs.size());
    for (int i = 0; i < pairs.size(); i++) {
      out.unsigned(pairs.get(i).x());
      out.unsigned(pairs.get(i).y());
      write(joint.get(i), out);
    }
    return out.toBytes();
  }

  /**
   * From {@link #toBytes()}.
   *
   * @throws IllegalArgumentException if the bytes are none of these, or of another version
   */
  public static PlaneHistograms of(byte[] bytes) {
    VarintReader in = new VarintReader(Objects.requireNonNull(bytes, "no plane has histograms"));
    long version = in.unsigned();
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "histograms of planes are of version " + VERSION + ", these bytes of " + version);
    }
    List<Histogram> channels = new ArrayList<>();
    for (int left = in.size(); left > 0; left--) {
      channels.add(readHistogram(in));
    }
    List<ChannelPair> pairs = new ArrayList<>();
    List<JointHistogram> joint = new ArrayList<>();
    for (int left = in.size(); left > 0; left--) {
      pairs.add(new ChannelPair((int) in.unsigned(), (int) in.unsigned()));
      joint.add(readJoint(in));
    }
    if (!in.isAtEnd()) {
      throw new IllegalArgumentException("bytes follow the histograms of a plane");
    }
    return new PlaneHistograms(channels, pairs, joint);
  }

  private static void write(Histogram of, VarintWriter out) {
    out.unsigned(of.size());
    long last = 0;
    for (int i = 0; i < of.size(); i++) {
      long value = whole(of.value(i));
      out.signed(value - last);
      out.unsigned(of.count(i));
      last = value;
    }
  }

  private static Histogram readHistogram(VarintReader in) {
    double[] values = new double[in.size()];
    long[] counts = new long[values.length];
    long value = 0;
    for (int i = 0; i < values.length; i++) {
      value += i == 0 ? in.signed() : step(in.signed());
      values[i] = value;
      counts[i] = step(in.unsigned());
    }
    return Histogram.ascending(values, counts);
  }

  private static void write(JointHistogram of, VarintWriter out) {
    out.unsigned(of.size());
    long lastX = 0;
    long lastFirst = 0;
    for (int i = 0; i < of.size(); ) {
      int end = i + 1;
      while (end < of.size() && of.value(0, end) == of.value(0, i)) {
        end++;
      }
      long x = whole(of.value(0, i));
      long last = whole(of.value(1, i));
      out.signed(x - lastX);
      out.unsigned(end - i);
      out.signed(last - lastFirst);
      out.unsigned(of.count(i));
      lastX = x;
      lastFirst = last;
      for (i++; i < end; i++) {
        long y = whole(of.value(1, i));
        out.unsigned(y - last);
        out.unsigned(of.count(i));
        last = y;
      }
    }
  }

  private static JointHistogram readJoint(VarintReader in) {
    int size = in.size();
    double[] xs = new double[size];
    double[] ys = new double[size];
    long[] counts = new long[size];
    long x = 0;
    long first = 0;
    for (int i = 0; i < size; ) {
      x += i == 0 ? in.signed() : step(in.signed());
      long run = step(in.unsigned());
      if (run > size - i) {
        throw new IllegalArgumentException(
            "a run of " + run + " tuples, " + (size - i) + " follow");
      }
      first += in.signed();
      long y = first;
      for (int end = i + (int) run; ; ) {
        xs[i] = x;
        ys[i] = y;
        counts[i] = step(in.unsigned());
        if (++i == end) {
          break;
        }
        y += step(in.unsigned());
      }
    }
    return JointHistogram.ascending(new double[][] {xs, ys}, counts);
  }

  private static long step(long number) {
    if (number <= 0) {
      throw new IllegalArgumentException("counts and steps are 1 or more, not " + number);
    }
    return number;
  }

  private static long whole(double value) {
    if (value != (long) value) {
      throw new IllegalArgumentException("a plane's values are integers, not " + value);
    }
    return (long) value;
  }
}
