"""What the pages of sign-in and settings take."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from recruiter.accounts import addresses, branding
from recruiter.accounts.addresses import Unanswered
from recruiter.accounts.models import Role, Scope
from recruiter.outbox.mime import Unsendable
from recruiter.policies.promises import PROMISE_DAYS
from recruiter.policies.schemas import Country, Language, Region, TimeZone
from recruiter.web.schemas import Day, Line, Prose


class Address(fields.String):
    """The e-mail address of a member, as it is kept: mail can go to it, and somebody reads it. Looks nothing up."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            return addresses.of_member(super()._deserialize(value, attr, data, **kwargs) or "")
        except Unanswered as error:
            raise ValidationError(error.message) from error
        except Unsendable as error:
            raise ValidationError("Enter an e-mail address such as name@example.com.") from error


class ProfileForm(Schema):
    """What a member says about themself; candidates read name, title and telephone number."""

    name = Line(most=100, required=True, error_messages={"required": "Enter your name."})
    title = Line(most=100, load_default="")
    phone = Line(most=40, load_default="")
    single_key_shortcuts = fields.Boolean(load_default=False, truthy={"yes"})


class JoinForm(Schema):
    """What an invited person says about themself, besides the password."""

    name = Line(most=100, required=True, error_messages={"required": "Enter your name."})
    title = Line(most=100, load_default="")
    phone = Line(most=40, load_default="")


class InviteForm(Schema):
    """Whom an admin invites, as what."""

    email = Address(required=True, error_messages={"required": "Enter an e-mail address."})
    role = fields.Enum(
        Role, by_value=True, required=True, error_messages={"required": "Choose a role.", "unknown": "Choose a role."}
    )


class RoleForm(Schema):
    """The role that a member gets."""

    role = fields.Enum(
        Role, by_value=True, required=True, error_messages={"required": "Choose a role.", "unknown": "Choose a role."}
    )


class KeyForm(Schema):
    """An API key to make: its name, what it may do, and its last day in the firm's zone."""

    name = Line(most=100, required=True, error_messages={"required": "Say what the key is for."})
    scopes = fields.List(fields.Enum(Scope, by_value=True), required=True)
    last_day = Day(load_default=None, error_messages={"invalid": "Enter a day such as 2027-01-31."})


def _count(least: int, most: int, of: str) -> fields.Integer:
    words = f"Enter {least} to {most:,} {of}."
    return fields.Integer(
        required=True,
        validate=validate.Range(least, most, error=words),
        error_messages={"required": words, "invalid": words},
    )


def _promise(stage: str) -> fields.Integer:
    return _count(1, 90, f"working days for {stage.replace('_', ' ')}")


class Colour(fields.String):
    """A colour as it is kept, ``#1e5b49``; an empty text stays one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            return branding.normal(super()._deserialize(value, attr, data, **kwargs) or "")
        except ValueError as error:
            raise ValidationError("Use six digits from 0 to f, such as #1e5b49.") from error


class LookForm(Schema):
    """The firm's colour and language; ``instead`` is a colour that was offered in place of one that is hard to read."""

    colour = Colour(load_default="")
    instead = Colour(load_default="")
    language = Language(required=True, error_messages={"required": "Choose a language."})

    @post_load
    def _take(self, values: dict[str, Any], **_kwargs: object) -> dict[str, Any]:
        instead = values.pop("instead")
        return values | {"colour": instead or values["colour"]}


class FirmAddress(Schema):
    """How candidates read of the firm, and where it is."""

    name = Line(most=100, required=True, error_messages={"required": "Enter the name of the firm."})
    postal_address = Prose(most=400, load_default="")
    phone = Line(most=40, load_default="")
    time_zone = TimeZone(required=True, error_messages={"required": "Choose a time zone."})
    country = Country(load_default=None)
    region = Region(load_default=None)


# What stands first on the page is told first: marshmallow reads the last base before the others.
class FirmForm(Schema.from_dict({f"promise_{stage}": _promise(stage) for stage in PROMISE_DAYS}), FirmAddress):  # type: ignore[misc]
    """What an admin decides for the firm; promises are working days by stage."""

    hold_minutes = _count(0, 1440, "minutes for the hold")
    pool_months = _count(1, 36, "months for the talent pool")
    holds_doubtful = fields.Boolean(load_default=False, truthy={"yes"})

    @post_load
    def _gather(self, values: dict[str, Any], **_kwargs: object) -> dict[str, Any]:
        promises = {stage: values.pop(f"promise_{stage}") for stage in PROMISE_DAYS}
        country, region = values["country"], values["region"]
        if region is not None and country not in {None, region[:2]}:
            raise ValidationError({"region": ["Choose a region of the same country."]})
        return values | {"promise_days": promises, "country": region[:2] if region else country}
