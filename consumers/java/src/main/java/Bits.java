/** Reads a TelemetryBatch's `columns`, a string of bits; IllegalArgumentException where no agent writes such bits. */
final class Bits {
  private static final int DOUBLES = 10; // in place of a column's decimals
  private static final int FIRST_ORDER = 12; // of a column's first number

  private final byte[] bytes;
  private long at;
  private long left = 2 << 20; // numbers, of times and of values

  Bits(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A number of 0 to 2^31 - 1: of labels, a place in a list. */
  int small() {
    long number = number(0);
    if (number < 0 || number > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("a number is too large");
    }
    return (int) number;
  }

  /** So many times, in microseconds after `base`. */
  long[] times(int count, long base) {
    int decimals = small();
    if (decimals > 6) {
      throw new IllegalArgumentException("times have six decimals at most");
    }
    long[] times = numbers(count);
    long unit = (long) Math.pow(10, 6 - decimals);
    for (int i = 0; i < count; ++i) {
      times[i] = base + times[i] * unit;
    }
    return times;
  }

  double[] values(int count) {
    int decimals = small();
    if (decimals > DOUBLES) {
      throw new IllegalArgumentException("values have nine decimals at most");
    }
    double[] values = new double[spend(count)];
    if (decimals == DOUBLES) {
      for (int i = 0; i < count; ++i) {
        values[i] = Double.longBitsToDouble(take(64));
      }
      return values;
    }
    long[] numbers = numbers(count);
    for (int i = 0; i < count; ++i) {
      values[i] = numbers[i] / Math.pow(10, decimals);
    }
    return values;
  }

  /** Sums wrap, as Java's do. */
  private long[] numbers(int count) {
    long[] numbers = new long[spend(count)];
    numbers[0] = signed(FIRST_ORDER);
    long step = number(0);
    boolean steady = step != 0 && take(1) == 1;
    int order = step == 0 ? 0 : small();
    long interval = 0;
    for (int i = 1; i < count; ++i) {
      interval = (steady ? interval : 0) + (step == 0 ? 0 : signed(order));
      numbers[i] = numbers[i - 1] + step * interval;
    }
    return numbers;
  }

  private int spend(int count) {
    left -= count;
    if (count == 0 || left < 0) {
      throw new IllegalArgumentException("a column is empty, or the batch has too many readings");
    }
    return count;
  }

  private long signed(int order) {
    long number = number(order);
    return (number >>> 1) ^ -(number & 1);
  }

  /** Exp-Golomb code; unsigned, below 2^64. */
  private long number(int order) {
    int zeros = 0;
    while (take(1) == 0) {
      ++zeros;
    }
    if (zeros >= 64 || order >= 64) {
      throw new IllegalArgumentException("a number is too large");
    }
    long head = ((1L << zeros) | take(zeros)) - 1;
    return (head << order) | take(order);
  }

  private long take(int count) {
    long bits = 0;
    for (int i = 0; i < count; ++i, ++at) {
      if (at >= 8L * bytes.length) {
        throw new IllegalArgumentException("the columns end too early");
      }
      bits = bits << 1 | (bytes[(int) (at / 8)] >> (7 - at % 8) & 1);
    }
    return bits;
  }
}
