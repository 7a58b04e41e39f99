"""Members as Flask-Security sees them: found through a door, changed through the service."""

import uuid
from typing import Any

from flask_security import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore

from recruiter.accounts import queries, sign_in
from recruiter.accounts.models import Member
from recruiter.db.doors import Door, firm_of
from recruiter.db.session import reading

# What Flask-Security looks members up by, and the door to the firm of each.
_DOORS = {"email": Door.MEMBER_EMAIL, "fs_uniquifier": Door.MEMBER_SESSION}


class SignedIn(UserMixin):
    """A member with what Flask-Security asks of a user; the row itself stays free of it and is detached."""

    fs_uniquifier = ""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.firm_id: uuid.UUID = member.firm_id
        self.email = member.email
        self.password = member.password
        self.active = member.active
        self.fs_uniquifier = member.fs_uniquifier
        self.roles: list[RoleMixin] = []


class NoRole(RoleMixin):
    """Flask-Security wants a class of roles; a member's role is a column and is checked in ``auth``."""


class MemberDatastore(UserDatastore):
    """Looks a member up by a door and then in the firm; what is put is written at once, with its audit entry."""

    def __init__(self) -> None:
        super().__init__(SignedIn, NoRole)

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> SignedIn | None:  # noqa: FBT001, FBT002, ARG002
        """Return the member with this ``email``, written as it is kept, or ``fs_uniquifier``, or None."""
        [(name, value)] = kwargs.items()
        firm_id = firm_of(_DOORS[name], value)
        if firm_id is None:
            return None
        find = queries.find_member_by_email if name == "email" else queries.find_member_by_session
        with reading(firm_id) as session:
            member = find(session, firm_id, value)
        return SignedIn(member) if member else None

    def put(self, user: SignedIn) -> SignedIn:
        """Keep a new password and the new mark of the sessions; does nothing when neither changed."""
        member = user.member
        if (member.password, member.fs_uniquifier) != (user.password, user.fs_uniquifier):
            user.member = sign_in.change_password(
                sign_in.ChangePassword(
                    firm_id=user.firm_id,
                    member_id=member.id,
                    password_hash=user.password,
                    session_mark=user.fs_uniquifier,
                )
            )
        return user

    def commit(self) -> None:
        """Nothing is left to write: ``put`` did, in one transaction."""
