"""The worker of the example celery-forecast: celery -A tasks worker"""
import os
import statistics
import time

from celery import Celery

redis = os.environ.get("REDIS_URL", "redis://localhost/0")
app = Celery("tasks", broker=redis, backend=redis)
app.conf.task_acks_late = True  # acknowledge after the task, and not before it
app.conf.task_reject_on_worker_lost = True  # deliver it again when the worker was killed
app.conf.task_track_started = True  # a task that has begun is then not published twice


@app.task(name="sales.forecast", bind=True)
def forecast(self, sales, weeks):
    """Goes on as it went so far, and says after each week how far it is."""
    slope, start = statistics.linear_regression(range(len(sales)), sales)
    expected = []
    for week in range(weeks):
        time.sleep(1)  # what a model would take
        expected.append(round(start + slope * (len(sales) + week), 1))
        meta = {"current": week + 1, "total": weeks, "message": f"week {week + 1}"}
        self.update_state(state="PROGRESS", meta=meta)
    return {"forecast": expected}
