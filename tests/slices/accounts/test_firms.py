import pytest

from recruiter.accounts import invitations, service
from recruiter.accounts.invitations import Invite
from recruiter.accounts.models import Role
from recruiter.accounts.service import AddMember, CreateFirm
from recruiter.audit.service import SYSTEM
from recruiter.db.doors import Door, firm_of
from recruiter.errors import Conflict


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def test_a_firm_begins_with_what_its_seeds_give_it():
    given = []

    firm = service.create_firm(CreateFirm(name="Acme", slug="acme", seeds=[lambda _session, key: given.append(key)]))

    assert given == [firm.id]
    assert service.get_firm(firm.id).slug == "acme"
    assert firm_of(Door.FIRM_SLUG, "acme") == firm.id


def test_a_seed_that_fails_leaves_no_firm():
    def fail(_session, _firm_id):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        service.create_firm(CreateFirm(name="Acme", slug="acme", seeds=[fail]))

    assert firm_of(Door.FIRM_SLUG, "acme") is None


def test_a_slug_is_taken_once():
    service.create_firm(CreateFirm(name="Acme", slug="acme"))

    with pytest.raises(Conflict, match="slug acme already"):
        service.create_firm(CreateFirm(name="Another Acme", slug="acme"))


def test_a_member_without_a_password_is_let_in_by_a_link():
    firm = service.create_firm(CreateFirm(name="Acme", slug="acme"))
    command = AddMember(firm_id=firm.id, actor=SYSTEM, email="ada@example.com", name="Ada", role=Role.ADMIN)
    ada = service.add_member(command)
    invited = invitations.invite(Invite(firm_id=firm.id, email=ada.email, role=Role.ADMIN, actor=SYSTEM))
    token = invited.url.rsplit("/", 1)[1]

    joined = invitations.accept(invitations.Accept(token=token, name="Ada Archer", password_hash="hash"))

    assert (joined.id, joined.name, joined.password) == (ada.id, "Ada Archer", "hash")
