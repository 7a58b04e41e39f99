"""Commands about firms, their members and their keys."""

import re
import uuid

import click
import email_validator
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from recruiter.accounts import invitations, keys
from recruiter.accounts import service as accounts
from recruiter.accounts.invitations import Invite
from recruiter.accounts.models import Role, Scope
from recruiter.accounts.service import AddMember, CreateFirm
from recruiter.audit.service import SYSTEM
from recruiter.cli import base
from recruiter.cli.base import FIRM
from recruiter.errors import NotFound
from recruiter.texts import service as texts
from recruiter.web.schemas import Line


def _slug(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise click.BadParameter("use small letters, digits and single hyphens, such as harbour-pine")
    return value


def _email(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        return email_validator.validate_email(value, check_deliverability=False).normalized
    except email_validator.EmailNotValidError as error:
        raise click.BadParameter(str(error)) from error


def _line(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    try:
        return None if value is None else Line(most=100).deserialize(value)
    except ValidationError as error:
        raise click.BadParameter(" ".join(error.messages)) from error


@click.group()
def firm() -> None:
    """Firms of this installation."""


@firm.command("create")
@click.option("--name", required=True, callback=_line, help="As candidates read it.")
@click.option("--slug", required=True, callback=_slug, help="The short name in commands: letters, digits, hyphens.")
@click.option("--admin-email", required=True, callback=_email, help="Who signs in first.")
@click.option("--admin-name", callback=_line, help="As candidates read it; made from the address when left out.")
def create_firm(name: str, slug: str, admin_email: str, admin_name: str | None) -> None:
    """Make a firm with its first admin, and print, alone, the one-time link by which the admin signs in."""
    by_address = re.sub(r"[._-]+", " ", admin_email.rpartition("@")[0]).title()

    def first_admin(session: Session, firm_id: uuid.UUID) -> None:
        admin = AddMember(
            firm_id=firm_id, actor=SYSTEM, email=admin_email, name=admin_name or by_address, role=Role.ADMIN
        )
        accounts.insert_member(session, admin)

    with base.application():
        made = accounts.create_firm(CreateFirm(name=name, slug=slug, seeds=(texts.seed_firm, first_admin)))
        click.echo(_invitation(made.id, admin_email, Role.ADMIN))


@click.group()
def member() -> None:
    """People who sign in for a firm."""


@member.command("add")
@FIRM
@click.option("--email", required=True, callback=_email)
@click.option("--role", required=True, type=click.Choice(Role, case_sensitive=False))
def add_member(slug: str, email: str, role: Role) -> None:
    """Invite a member and print, alone, the one-time link by which they sign in first; nothing is mailed."""
    with base.application():
        click.echo(_invitation(base.firm_id(slug), email, role))


@click.group()
def apikey() -> None:
    """Keys by which other systems speak for a firm."""


@apikey.command("create")
@FIRM
@click.option("--name", required=True, callback=_line, help="What the key is for; shown in the settings.")
@click.option("--scopes", required=True, help="Any of read, write, send, admin; separated by commas.")
def create_key(slug: str, name: str, scopes: str) -> None:
    """Make a key and print it, alone, on standard output; it cannot be shown again."""
    with base.application():
        command = keys.CreateKey(firm_id=base.firm_id(slug), name=name, scopes=_scopes(scopes), actor=SYSTEM)
        click.echo(keys.create_key(command).secret)


@apikey.command("revoke")
@FIRM
@click.option("--prefix", required=True, help="The first part of the key, as the settings show it.")
def revoke_key(slug: str, prefix: str) -> None:
    """End a key now."""
    with base.application():
        firm_id = base.firm_id(slug)
        found = [key for key in keys.list_keys(firm_id) if key.prefix == prefix]
        if not found:
            raise NotFound(f"{slug} has no key that begins with {prefix}.")
        keys.revoke_key(keys.RevokeKey(firm_id=firm_id, actor=SYSTEM, key_id=found[0].id))
        click.echo(f"The key {prefix} opens nothing any more.", err=True)


def _invitation(firm_id: uuid.UUID, email: str, role: Role) -> str:
    return invitations.invite(Invite(firm_id=firm_id, email=email, role=role, actor=SYSTEM)).url


def _scopes(value: str) -> list[Scope]:
    try:
        return [Scope(word.strip()) for word in value.split(",")]
    except ValueError as error:
        raise click.BadParameter(f"{error}; choose from {', '.join(Scope)}", param_hint="--scopes") from error
