package dev.postlude.benchmarks.http;

/**
 * What a load generator saw.
 *
 * @param answers how many answers there were
 * @param seconds in what time
 * @param errors how many answers were no 2xx, and how many connections broke or timed out
 * @param p50 the median latency in milliseconds; means nothing where requests are pipelined, since
 *     wrk corrects it for what it thinks it omitted
 * @param p99 what 99 of 100 requests stayed under, in milliseconds; the same holds
 */
record Load(long answers, double seconds, long errors, double p50, double p99) {
  double perSecond() {
    return answers / seconds;
  }
}
