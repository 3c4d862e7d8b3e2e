"""What the Celery worker of the live tests can do."""
import os

from celery import Celery

app = Celery(
    "celery_functions",
    broker=os.environ["POSTLUDE_BROKER"],
    backend=os.environ["POSTLUDE_BACKEND"],
)
app.conf.task_acks_late = True
app.conf.task_reject_on_worker_lost = True
app.conf.task_track_started = True


@app.task(name="images.thumbnail")
def thumbnail(url, width):
    return {"url": url, "width": width, "twice": 2 * width}


@app.task(name="numbers.add")
def add(x, y):
    return x + y


@app.task(name="failing")
def failing(reason):
    raise ValueError(reason)


@app.task(name="slow", bind=True)
def slow(self, key, gate):
    """Tells how far it is, then waits until the test opens the gate: a key in Redis."""
    import redis

    server = redis.Redis.from_url(gate)
    self.update_state(
        state="PROGRESS", meta={"current": 3, "total": 10, "message": "three of ten"}
    )
    server.blpop(key, timeout=60)
    return "done"
