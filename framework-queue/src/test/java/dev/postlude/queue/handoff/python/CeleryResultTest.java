package dev.postlude.queue.handoff.python;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postlude.queue.handoff.ForeignStatus;
import dev.postlude.queue.handoff.ForeignStatus.Phase;
import org.junit.jupiter.api.Test;

class CeleryResultTest {
  @Test
  void whatItReturnedIsTheResult() {
    assertThat(
            CeleryResult.read(
                """
                {"status": "SUCCESS", "result": {"width": 120, "big": 12345678901234567890},
                 "traceback": null, "children": [], "date_done": "2026-11-21T04:20:04.550712",
                 "task_id": "4f6c"}"""))
        .isEqualTo(ForeignStatus.succeeded("{\"width\":120,\"big\":12345678901234567890}"));
    assertThat(CeleryResult.read("{\"status\":\"SUCCESS\",\"result\":null}"))
        .isEqualTo(ForeignStatus.succeeded(null));
  }

  @Test
  void anExceptionIsAFailureWithItsTraceback() {
    ForeignStatus status =
        CeleryResult.read(
            """
            {"status": "FAILURE", "result": {"exc_type": "ValueError",
             "exc_message": ["no such file", 7], "exc_module": "builtins"},
             "traceback": "Traceback (most recent call last):\\n  File...", "task_id": "4f6c"}""");

    assertThat(status.phase()).isEqualTo(Phase.FAILED);
    assertThat(status.error())
        .isEqualTo("ValueError: no such file, 7\nTraceback (most recent call last):\n  File...");
  }

  @Test
  void aRevokedTaskHasFailed() {
    assertThat(CeleryResult.read("{\"status\":\"REVOKED\",\"result\":null}"))
        .isEqualTo(ForeignStatus.failed("REVOKED"));
  }

  @Test
  void progressIsReadUnderTheNamesThatPeopleUse() {
    assertThat(
            CeleryResult.read(
                """
                {"status":"PROGRESS","result":{"current":3,"total":10,"status":"three"}}"""))
        .isEqualTo(ForeignStatus.pending(3, 10, "three"));
    assertThat(
            CeleryResult.read(
                """
                {"status":"RESIZING","result":{"done":4,"total":9.0,"message":"four"}}"""))
        .isEqualTo(ForeignStatus.pending(4, 9, "four"));
  }

  @Test
  void whatIsNotTheEndIsPending() {
    assertThat(CeleryResult.read(null)).isEqualTo(ForeignStatus.pending());
    assertThat(
            CeleryResult.read("{\"status\":\"STARTED\",\"result\":{\"pid\":7,\"hostname\":\"x\"}}"))
        .isEqualTo(ForeignStatus.pending());
    assertThat(
            CeleryResult.read(
                """
                {"status":"RETRY","result":{"exc_type":"OSError","exc_message":["busy"]}}"""))
        .isEqualTo(ForeignStatus.pending(0, 0, "tried again after OSError: busy"));
  }

  @Test
  void aPickleIsNeverOpened() {
    assertThat(CeleryResult.read("\u0080\u0004}q\u0000.").phase()).isEqualTo(Phase.FAILED);
  }
}
