"""`recruiter mail` holds all mail back and lets it go."""


def test_mail_is_paused_and_let_go_again(run, app, alice):
    paused = run("mail", "pause", "--because", "The relay moves.")
    assert (paused.exit_code, paused.stderr) == (0, "Mail is paused. `recruiter mail resume` lets it leave again.\n")
    assert "The relay moves." in alice.browser.get("/outbox/status").text

    said = [run("mail", "resume").stderr for _ in range(2)]
    assert said == ["Mail leaves again.\n", "Mail was not paused.\n"]
    assert "Mail is leaving." in alice.browser.get("/outbox/status").text
