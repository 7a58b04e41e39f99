import pytest

from tests import markup, sample


@pytest.mark.once
def test_every_page_is_whole(application, empty):
    """No fault of structure, and nothing inline that the content policy would refuse."""
    with sample.made(application, empty) as made:
        browser = sample.browser(application, made)
        visited = {path: browser.get(path) for path in sample.addresses(application, made)}
        open_to_all = [*sample.letters(application, made), *sample.PUBLIC]
        visited |= {path: application.test_client().get(path) for path in open_to_all}
    wrong = {path: found for path, answer in visited.items() if (found := faults(answer))}
    assert wrong == {}
    assert len(visited) > 40


def faults(answer):
    if answer.status_code not in {200, 410}:
        return [answer.status]
    return markup.faults(answer.text)
