"""From the API alone: a person is told, answers, and the ATS hears of it."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from standardwebhooks import Webhook

from tests.product import PATIENCE
from tests.receiver import Receiver
from tests.whole.conftest import link_in, rejection

pytestmark = [pytest.mark.no_cover, pytest.mark.slow]


def until(ask):
    """Ask until the answer is something, and return it."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.1)):
        if found := ask():
            return found
        pause.wait(0.1)
    raise AssertionError("it did not come in time")


def test_a_notice_reaches_the_person_and_the_answers_reach_the_ats(api, sink):
    with Receiver() as receiver:
        everything = ["notice.sent", "feedback.response", "talent_pool.joined"]
        hook = api.post("/webhooks", url=receiver.url, events=everything)
        application = api.application()

        notice = api.post("/notices", **rejection(application))

        (mail,) = sink.wait_for(1)
        assert mail["To"].addresses[0].addr_spec == "maya1@example.org"
        assert mail.get_body(("html",)) is not None
        sent = until(lambda: (found := api.get(f"/notices/{notice['id']}"))["state"] == "sent" and found)
        assert sent["message_id"] == mail["Message-ID"]
        page = link_in(mail)
        letter = httpx2.get(page)
        assert "You found the lock that the load test had hidden." in letter.text
        assert "Database operations" in letter.text

        assert httpx2.post(f"{page}/thanks").status_code in {200, 302, 303}
        assert httpx2.post(f"{page}/ask", data={"text": "Which tool did you mean?"}).status_code in {200, 302, 303}
        joined = httpx2.post(f"{page}/pool", data={"choice": "yes"})
        assert joined.status_code in {200, 302, 303}, joined.text

        responses = until(lambda: (found := api.get("/responses")["items"]) and len(found) == 2 and found)
        assert {response["kind"] for response in responses} == {"thanks", "question"}
        members = api.get("/talent-pool")["items"]
        assert [member["candidate_id"] for member in members] == [application["candidate_id"]]

        until(lambda: len(receiver.calls) == 4)
        told = [Webhook(hook["secret"]).verify(body, headers) for headers, body in receiver.calls]
        assert sorted(event["type"] for event in told) == sorted([*everything, "feedback.response"])
        assert "Maya" not in json.dumps(told)


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "one-key"}], ids=["without a key", "with one key"])
def test_twenty_at_once_make_one_notice_and_one_mail(api, sink, headers):
    application = api.application()
    together = threading.Barrier(20)

    def queue(_number):
        together.wait()
        return api.client.post("/notices", json=rejection(application), headers=headers)

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(queue, range(20)))

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    (notice,) = api.get("/notices")["items"]
    until(lambda: api.get(f"/notices/{notice['id']}")["state"] == "sent")
    assert len(sink.raw) == 1


@pytest.mark.once
def test_a_mail_that_left_is_counted_where_the_pages_are_served(api, product, sink):
    api.post("/notices", **rejection(api.application()))
    sink.wait_for(1)

    until(lambda: 'recruiter_tries_total{how="accepted"}' in httpx2.get(f"{product.url}/metrics").text)
