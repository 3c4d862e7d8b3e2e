package dev.postlude.benchmarks.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** All that was measured. Used by one thread. */
final class Results {
  private final List<Sample> samples = new ArrayList<>();
  private final List<Paced> paced = new ArrayList<>();
  private final Map<Candidate, List<Double>> startUps = new LinkedHashMap<>();
  private final Map<Candidate, Footprint> footprints = new LinkedHashMap<>();
  private final Map<Candidate, String> leftOut = new LinkedHashMap<>();

  /**
   * One measurement.
   *
   * @param cpuMicros the server's CPU time for one answer in microseconds
   * @param drainMillis how long after the load the last task had run; 0 where there are none
   */
  record Sample(
      int round, Row row, Candidate candidate, Load load, double cpuMicros, double drainMillis) {}

  /** One measurement at a fixed rate. */
  record Paced(int round, Row row, Candidate candidate, Latency latency) {}

  /**
   * What a peer takes, memory in bytes.
   *
   * @param idleResident resident after the first answer
   * @param loadedResident resident after all load
   * @param loadedHeap reachable on the heap after all load
   * @param answerSize the bytes of one plaintext answer
   * @param refusals of two malformed header fields, how many it refuses
   */
  record Footprint(
      long idleResident, long loadedResident, long loadedHeap, int answerSize, int refusals) {}

  void add(Sample sample) {
    samples.add(sample);
  }

  void add(Paced sample) {
    paced.add(sample);
  }

  void started(Candidate candidate, Duration startUp) {
    startUps.computeIfAbsent(candidate, key -> new ArrayList<>()).add(startUp.toNanos() / 1e6);
  }

  void footprint(Candidate candidate, Footprint footprint) {
    footprints.put(candidate, footprint);
  }

  void leaveOut(Candidate candidate, String why) {
    leftOut.put(candidate, why);
  }

  List<Sample> samples() {
    return samples;
  }

  List<Paced> paced() {
    return paced;
  }

  /** Who was not measured, and why. */
  Map<Candidate, String> leftOut() {
    return leftOut;
  }

  /** Who was measured. */
  List<Candidate> candidates() {
    return Candidate.ALL.stream().filter(startUps::containsKey).toList();
  }

  /** The time to the first answer in milliseconds. */
  Spread startUp(Candidate candidate) {
    return Spread.of(startUps.getOrDefault(candidate, List.of()));
  }

  Optional<Footprint> footprint(Candidate candidate) {
    return Optional.ofNullable(footprints.get(candidate));
  }

  /**
   * The server's CPU time for an answer as a multiple of {@link Candidate#BASE}'s in the same
   * round.
   */
  Optional<Spread> ratio(Row row, Candidate candidate) {
    List<Double> ratios = new ArrayList<>();
    for (Sample sample : of(row, candidate)) {
      of(row, Candidate.BASE).stream()
          .filter(base -> base.round() == sample.round())
          .findFirst()
          .ifPresent(base -> ratios.add(sample.cpuMicros() / base.cpuMicros()));
    }
    return ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios));
  }

  /** One of the things that were measured, over all rounds. */
  Optional<Spread> spread(Row row, Candidate candidate, ToDoubleFunction<Sample> what) {
    List<Double> values = of(row, candidate).stream().mapToDouble(what).boxed().toList();
    return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
  }

  /** A latency at a fixed rate, over all rounds. */
  Optional<Spread> paced(Row row, Candidate candidate, ToDoubleFunction<Latency> what) {
    List<Double> values =
        paced.stream()
            .filter(sample -> sample.row() == row && sample.candidate().equals(candidate))
            .mapToDouble(sample -> what.applyAsDouble(sample.latency()))
            .boxed()
            .toList();
    return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
  }

  private List<Sample> of(Row row, Candidate candidate) {
    return samples.stream()
        .filter(sample -> sample.row() == row && sample.candidate().equals(candidate))
        .toList();
  }
}
