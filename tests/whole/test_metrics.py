"""What the process that delivers counts is in the metrics of the web server beside it."""

import httpx2
import pytest

from tests.whole.conftest import rejection
from tests.whole.test_main_job import until

pytestmark = [pytest.mark.once, pytest.mark.slow]


def test_a_mail_that_left_is_counted_where_the_pages_are_served(api, product, sink):
    api.post("/notices", **rejection(api.application()))
    sink.wait_for(1)

    until(lambda: 'recruiter_tries_total{how="accepted"}' in httpx2.get(f"{product.url}/metrics").text)
