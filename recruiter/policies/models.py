"""What a firm changed in the policies of a country or region, for all its clients or for one."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from recruiter.db.base import FirmRow, enum_column, firm_key
from recruiter.policies.values import PolicyName


class PolicyChange(FirmRow):
    """One value that holds instead of the one we know: for one client when it names one, else for the whole firm."""

    __tablename__ = "policy_changes"
    __table_args__ = (
        firm_key("client_id", "clients"),
        firm_key("member_id", "members", ondelete="NO ACTION"),
        sa.CheckConstraint("value <> '' AND jurisdiction <> ''", name="says_something"),
        sa.Index(
            "uq_policy_changes_firm",
            "firm_id",
            "jurisdiction",
            "name",
            unique=True,
            sqlite_where=sa.text("client_id IS NULL"),
            postgresql_where=sa.text("client_id IS NULL"),
        ),
        sa.Index(
            "uq_policy_changes_client",
            "firm_id",
            "client_id",
            "jurisdiction",
            "name",
            unique=True,
            sqlite_where=sa.text("client_id IS NOT NULL"),
            postgresql_where=sa.text("client_id IS NOT NULL"),
        ),
    )

    jurisdiction: Mapped[str]
    client_id: Mapped[uuid.UUID | None]
    name: Mapped[PolicyName] = enum_column(PolicyName)
    value: Mapped[str]
    reason: Mapped[str]
    member_id: Mapped[uuid.UUID | None]
    changed_at: Mapped[dt.datetime]
