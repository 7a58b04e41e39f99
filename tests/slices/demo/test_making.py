import pytest
import time_machine
from flask_security.utils import hash_password

from recruiter.accounts import queries as accounts
from recruiter.accounts import service as firms
from recruiter.accounts.service import CreateFirm
from recruiter.db.doors import Door, firm_of
from recruiter.db.session import reading
from recruiter.demo import service
from recruiter.desk import today
from recruiter.errors import Conflict

pytestmark = pytest.mark.slow


def test_what_was_left_half_made_is_made_anew(app):
    with app.app_context():
        half = firms.create_firm(CreateFirm(name=service.NAME, slug=service.SLUG, is_sample=True))
        made = service.make(hash_password)
        assert made.firm_id != half.id
        assert firm_of(Door.FIRM_SLUG, service.SLUG) == made.firm_id


def test_a_real_firm_of_this_name_is_left_alone(app):
    with app.app_context():
        firms.create_firm(CreateFirm(name=service.NAME, slug=service.SLUG))
        with pytest.raises(Conflict, match="is no sample"):
            service.make(hash_password)


@pytest.mark.once
@pytest.mark.parametrize("moment", ["2026-03-01T00:20:00Z", "2026-08-31T22:50:00Z"])
def test_every_day_of_the_year_tells_the_same_story(app, moment):
    with time_machine.travel(moment, tick=False), app.test_request_context():
        made = service.make(hash_password)
        with reading(made.firm_id) as session:
            day = today.read(session, accounts.get_firm(session, made.firm_id))
    assert day.headline == "16 people are waiting longer than we promised"
    assert day.kept is not None
    assert day.kept.percent > 80
    assert {section.key: section.people for section in day.sections}["replies"] == 4
