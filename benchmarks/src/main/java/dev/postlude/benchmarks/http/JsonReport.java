package dev.postlude.benchmarks.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The results for programs: every single measurement. */
final class JsonReport {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private JsonReport() {}

  private record Measurement(
      int round,
      String row,
      String peer,
      double cpuMicros,
      double requestsPerSecond,
      @Nullable Double p50Millis,
      @Nullable Double p99Millis,
      long answers,
      long errors,
      double drainMillis) {}

  private record AtFixedRate(
      int round, String row, String peer, double p50Millis, double p99Millis, double p999Millis) {}

  private static @Nullable Double latency(Results.Sample sample, double millis) {
    return sample.row().pipelined() > 1 ? null : millis;
  }

  private record Start(double medianMillis, double leastMillis, double mostMillis) {}

  static String write(Results results, Map<String, String> conditions) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("conditions", conditions);
    Map<String, Object> starts = new LinkedHashMap<>();
    Map<String, Object> footprints = new LinkedHashMap<>();
    for (Candidate candidate : results.candidates()) {
      Spread start = results.startUp(candidate);
      starts.put(candidate.key(), new Start(start.median(), start.least(), start.most()));
      results.footprint(candidate).ifPresent(foot -> footprints.put(candidate.key(), foot));
    }
    all.put("startUp", starts);
    all.put("footprint", footprints);
    Map<String, String> leftOut = new LinkedHashMap<>();
    results.leftOut().forEach((candidate, why) -> leftOut.put(candidate.key(), why));
    all.put("leftOut", leftOut);
    List<Measurement> measurements =
        results.samples().stream()
            .map(
                sample ->
                    new Measurement(
                        sample.round(),
                        sample.row().key(),
                        sample.candidate().key(),
                        sample.cpuMicros(),
                        sample.load().perSecond(),
                        latency(sample, sample.load().p50()),
                        latency(sample, sample.load().p99()),
                        sample.load().answers(),
                        sample.load().errors(),
                        sample.drainMillis()))
            .toList();
    all.put("measurements", measurements);
    List<AtFixedRate> paced =
        results.paced().stream()
            .map(
                sample ->
                    new AtFixedRate(
                        sample.round(),
                        sample.row().key(),
                        sample.candidate().key(),
                        sample.latency().p50(),
                        sample.latency().p99(),
                        sample.latency().p999()))
            .toList();
    all.put("atFixedRate", paced);
    return MAPPER.writeValueAsString(all) + "\n";
  }
}
