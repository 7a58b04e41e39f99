"""Flask-Security on our members: its settings, its words, its signals, and what its cookies may do."""

import datetime as dt
from typing import Any

from flask import Flask, g, request, session
from flask.typing import ResponseReturnValue
from flask_security import MailUtil, Security
from flask_security.forms import Form
from flask_security.mail_util import EmailValidateException
from flask_security.signals import user_authenticated

from recruiter import clock
from recruiter.accounts import addresses, auth, sign_in
from recruiter.accounts.datastore import MemberDatastore, SignedIn
from recruiter.accounts.models import Role
from recruiter.accounts.sign_in_forms import ForgottenPasswordForm, NewPasswordForm, SignInForm
from recruiter.config import Settings
from recruiter.outbox.mime import Unsendable

CHANGE_PAGE = "security.change_password"
IDLE_SESSION = dt.timedelta(hours=12)
RESET_LINK_LASTS = dt.timedelta(hours=2)

SETTINGS: dict[str, Any] = {
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "RESET_URL": "/reset-password",
    "CHANGE_URL": "/settings/password",
    "POST_LOGIN_VIEW": "desk.show",
    "POST_LOGOUT_VIEW": "security.login",
    "POST_RESET_VIEW": "security.login",
    "POST_CHANGE_VIEW": "settings.profile",
    "RESET_PASSWORD_WITHIN": RESET_LINK_LASTS,
    "FRESHNESS": dt.timedelta(seconds=-1),  # no page asks for the password again yet, so there is no page for it
    "RETURN_GENERIC_RESPONSES": True,
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_SINGLE_HASH": ["argon2"],
    # argon2id as the OWASP password storage cheat sheet has it: 19 MiB, two rounds, one lane
    "PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__type": "ID",
        "argon2__memory_cost": 19456,
        "argon2__time_cost": 2,
        "argon2__parallelism": 1,
    },
    "PASSWORD_LENGTH_MIN": 12,
    "API_ENABLED_METHODS": ["session"],
    "DATETIME_FACTORY": clock.now,
    "EMAIL_HTML": False,  # the account stream words every mail
    "EMAIL_PLAINTEXT": False,
    "SEND_PASSWORD_CHANGE_EMAIL": False,  # the change itself queues it, in its own transaction
    "SEND_PASSWORD_RESET_NOTICE_EMAIL": False,
    "STATIC_FOLDER": None,
    "CLI_USERS_NAME": False,
    "CLI_ROLES_NAME": False,
    "MSG_GENERIC_AUTHN_FAILED": ("This address and password do not belong together. Check both.", "error"),
    "MSG_PASSWORD_RESET_REQUEST": (
        "If %(email)s signs in here, a link is on its way to it. It works for two hours.",
        "success",
    ),
    "MSG_PASSWORD_RESET_EXPIRED": ("This link has ended. Ask for a new one here.", "error"),
    "MSG_INVALID_RESET_PASSWORD_TOKEN": ("This link does not work any more. Ask for a new one here.", "error"),
    "MSG_PASSWORD_RESET_NO_LOGIN": ("Your new password is kept. Sign in with it.", "success"),
    "MSG_PASSWORD_CHANGE": ("Your new password is kept. You are signed out everywhere else.", "success"),
    "MSG_PASSWORD_IS_THE_SAME": ("Choose a password that differs from the present one.", "error"),
    "MSG_PASSWORD_NOT_PROVIDED": ("Enter a password.", "error"),
    "MSG_PASSWORD_INVALID_LENGTH": ("Use 12 to 128 characters.", "error"),
    "MSG_INVALID_PASSWORD": ("This is not your present password.", "error"),
    "MSG_RETYPE_PASSWORD_MISMATCH": ("The two passwords differ.", "error"),
    "MSG_EMAIL_NOT_PROVIDED": ("Enter your e-mail address.", "error"),
    "MSG_INVALID_EMAIL_ADDRESS": ("Enter an e-mail address such as name@example.com.", "error"),
}


class AccountMail(MailUtil):
    """Queues what Flask-Security mails, which is only the link for a forgotten password; sends and looks up nothing."""

    def normalize(self, email: str) -> str:
        """Return the address as it is kept, or raise ``EmailValidateException``."""
        try:
            return addresses.normal(email)
        except Unsendable as error:
            raise EmailValidateException(SETTINGS["MSG_INVALID_EMAIL_ADDRESS"][0]) from error

    validate = normalize

    def send_mail(self, *_worded: Any, user: SignedIn, reset_token: str, **_context: Any) -> None:  # type: ignore[override]
        """Queue the link; ``_worded`` is what Flask-Security would have said."""
        sign_in.mail_reset(user.firm_id, user.member.id, reset_token, RESET_LINK_LASTS)


def init_app(app: Flask, settings: Settings) -> None:
    """Attach sign-in, sign-out and the password pages; after Flask-WTF's CSRFProtect."""
    app.config.update({f"SECURITY_{name}": value for name, value in SETTINGS.items()})
    app.config.update(
        SESSION_COOKIE_NAME="__Host-recruiter" if settings.is_https else "recruiter",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=IDLE_SESSION,
        WTF_CSRF_SSL_STRICT=False,  # our pages ask browsers to send no Referer; the token is the proof
        WTF_CSRF_TIME_LIMIT=None,  # a form is good for as long as its session, or long texts would be lost
    )
    app.before_request_funcs.setdefault("security", []).append(_guard)
    security = Security(
        app,
        MemberDatastore(),
        login_form=SignInForm,
        forgot_password_form=ForgottenPasswordForm,
        change_password_form=NewPasswordForm,
        mail_util_cls=AccountMail,
    )
    security.login_manager.request_loader(lambda _request: None)  # no token beside sessions and API keys
    security.principal.identity_loaders.clear()  # it would look up the session's member where nobody asks for one
    auth.roles(*Role)(app.view_functions[CHANGE_PAGE])
    security.want_json(lambda _request: False)  # these are pages; the API has keys
    user_authenticated.connect(_remember_sign_in, app)
    app.context_processor(_frame)
    app.jinja_env.globals["form_problems"] = _problems


def _guard() -> ResponseReturnValue | None:
    """Guard Flask-Security's pages: one is for members, the others are for those who are not in yet."""
    return auth.require_member() if request.endpoint == CHANGE_PAGE else None


def _remember_sign_in(_app: Flask, user: SignedIn, **_details: object) -> None:
    session.permanent = True
    sign_in.note_sign_in(user.firm_id, user.member.id)


def _frame() -> dict[str, Any]:
    """Give every page of a signed-in member what its frame shows; the counts are zero until a feature above counts."""
    who: auth.Caller | None = g.get("caller")
    if who is None or who.member is None:
        return {}
    return {
        "firm": who.member.firm,
        "member": {
            "id": who.member.id,
            "name": who.member.name,
            "role_label": who.member.role.value.capitalize(),
            "reads": who.member.role in auth.READERS,
            "writes": who.member.role in auth.WRITERS,
        },
        "zone": who.member.firm.time_zone,
        "shortcuts": who.member.single_key_shortcuts,
        "nav": {"overdue": 0, "waiting": 0},
    }


def _problems(form: Form) -> list[tuple[str, str]]:
    """Return the errors of a form as the error summary takes them: the field's name, empty for the whole, and words."""
    return [(name or "", " ".join(dict.fromkeys(words))) for name, words in form.errors.items()]
