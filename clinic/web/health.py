"""Is this process alive, is it ready, what has it done: for supervisors, proxies and Prometheus."""

from __future__ import annotations

import time
from typing import Any, cast

import prometheus_client
from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from clinic.db import revision
from clinic.web.guards import public
from clinic.web.runtime import runtime

_METRICS = "clinic.metrics"


def register(app: Flask) -> None:
    """Serve /healthz, /readyz and /metrics, and count the requests of `app`."""
    registry = prometheus_client.CollectorRegistry()
    app.extensions[_METRICS] = registry
    seconds = prometheus_client.Histogram(
        "clinic_request_seconds",
        "Time to answer, by route and status",
        ["route", "status"],
        registry=registry,
    )

    @app.after_request
    def count(response: Response) -> Response:
        route = str(request.url_rule) if request.url_rule else "none"
        if "started" in g:
            seconds.labels(route, str(response.status_code)).observe(time.perf_counter() - g.started)
        return response

    @public
    def metrics() -> Response:
        return Response(
            prometheus_client.generate_latest(registry), content_type=prometheus_client.CONTENT_TYPE_LATEST
        )

    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
    app.add_url_rule("/metrics", "metrics", metrics)


def registry_of(app: Flask) -> prometheus_client.CollectorRegistry:
    """Return where slices add what `app` tells Prometheus."""
    return cast(prometheus_client.CollectorRegistry, app.extensions[_METRICS])


@public
def healthz() -> dict[str, Any]:
    """Say that the process answers."""
    return {"alive": True}


@public
def readyz() -> tuple[dict[str, Any], int]:
    """Say whether the data store answers and has the schema that this version needs."""
    engine = runtime().database.engine
    try:
        ready = revision.current(engine) == revision.head()
    except SQLAlchemyError:
        ready = False
    return {"ready": ready}, 200 if ready else 503
