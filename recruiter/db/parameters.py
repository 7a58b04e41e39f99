"""What statements that are built once are given when they run: to build one takes longer than to run it."""

import datetime as dt
import uuid
from typing import TypeAlias

import sqlalchemy as sa

from recruiter.db.base import UTC

FIRM: sa.BindParameter[uuid.UUID] = sa.bindparam("firm_id", type_=sa.Uuid())
TODAY: sa.BindParameter[dt.date] = sa.bindparam("today", type_=sa.Date())  # in the firm's zone
NOW: sa.BindParameter[dt.datetime] = sa.bindparam("now", type_=UTC())

FirmId: TypeAlias = uuid.UUID | sa.BindParameter[uuid.UUID]
Day: TypeAlias = dt.date | sa.BindParameter[dt.date]
