"""Locust's fastest user without a pause between requests: `locust -f locust_peer.py --headless ...`."""

from __future__ import annotations

from locust import FastHttpUser, task


class Asking(FastHttpUser):
    """Asks again as soon as it has its answer."""

    @task
    def ask(self) -> None:
        """One request."""
        self.client.get("/")
