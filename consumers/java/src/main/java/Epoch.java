import java.util.ArrayList;
import java.util.List;

/** What has come of one topic, vehicle and epoch: all before `next` but what is `missing`. */
final class Epoch {
  record Range(long first, long last) {}

  private long next = 1;
  private List<Range> missing = new ArrayList<>();

  /** Notes that these have come, or will never. False when nobody waited for them: duplicates. */
  boolean take(long first, long last) {
    if (last >= next) {
      missing.add(new Range(next, last));
      next = last + 1;
    }
    List<Range> rest = new ArrayList<>();
    boolean waitedFor = false;
    for (Range range : missing) {
      waitedFor |= range.first <= last && first <= range.last;
      addUnlessEmpty(rest, range.first, Math.min(range.last, first - 1));
      addUnlessEmpty(rest, Math.max(range.first, last + 1), range.last);
    }
    missing = rest;
    return waitedFor;
  }

  List<Range> missing() {
    return missing;
  }

  private static void addUnlessEmpty(List<Range> ranges, long first, long last) {
    if (first <= last) {
      ranges.add(new Range(first, last));
    }
  }
}
