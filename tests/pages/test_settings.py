import pytest

PAGES = ["/settings/profile", "/settings/password", "/settings/members", "/settings/keys", "/settings/firm"]


@pytest.mark.parametrize("path", PAGES)
def test_an_admin_opens_every_area(alice, path):
    assert alice.browser.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES[2:])
def test_what_concerns_the_firm_is_for_admins(bob, path):
    answer = bob.browser.get(path)

    assert answer.status_code == 403
    assert "Your role does not include this" in answer.text
