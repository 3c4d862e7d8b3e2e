"""What the RQ worker of the live tests can do."""
from rq import get_current_job


def thumbnail(url, width):
    return {"url": url, "width": width, "twice": 2 * width}


def add(x, y):
    return x + y


def failing(reason):
    raise ValueError(reason)


def slow(key):
    """Tells how far it is, then waits until the test opens the gate: a key in Redis."""
    job = get_current_job()
    job.meta.update(current=3, total=10, message="three of ten")
    job.save_meta()
    job.connection.blpop(key, timeout=60)
    return "done"
