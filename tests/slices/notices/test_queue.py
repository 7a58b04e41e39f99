"""POST /api/v1/notices: one request records the decision, freezes the letter and queues the mail."""

import pytest

NOTICES = "/api/v1/notices"


def test_a_queued_notice_is_held_and_answers_how_it_stands(alice, maya):
    answer = alice.api.post(NOTICES, json=maya.body(hold_minutes=10))

    assert answer.status_code == 201, answer.json
    assert answer.json["state"] == "held"
    assert answer.json["message_id"].startswith("<")
    assert answer.json["feedback"]["gaps"][0]["criterion"] == "Streaming pipelines"


@pytest.mark.parametrize("repeats", [2])
def test_a_second_outcome_notice_is_refused(alice, maya, repeats):
    answers = [alice.api.post(NOTICES, json=maya.body()) for _ in range(repeats)]

    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[1].json["code"] == "already_told"
    assert answers[1].json["notice_id"] == answers[0].json["id"]
