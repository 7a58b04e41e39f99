"""The forms of Flask-Security's pages with our limit on tries."""

from typing import Any

from flask import Response, after_this_request, request
from flask_login import current_user
from flask_security.forms import ChangePasswordForm, ForgotPasswordForm, LoginForm
from flask_security.utils import get_message

from recruiter import clock
from recruiter.accounts import addresses, sign_in
from recruiter.accounts.sign_in import Purpose, Try
from recruiter.outbox.mime import Unsendable
from recruiter.web.jinja import plural


class SignInForm(LoginForm):
    """Address and password; a session is not kept beyond the browser's own, so there is nothing to remember."""

    remember = None

    def validate(self, **kwargs: Any) -> bool:
        """Check the password unless there were too many tries; then answer 429 with when to try again."""
        attempt = _try(Purpose.SIGN_IN, self.email.data)
        if _is_refused(attempt, self.form_errors):
            return False
        if not super().validate(**kwargs):
            sign_in.note_failure(attempt, "wrong")
            return False
        sign_in.forget_tries(attempt)
        return True


class ForgottenPasswordForm(ForgotPasswordForm):
    """The address to which a link is mailed; whether anybody signs in with it is not told."""

    unusable = ""

    def validate(self, **kwargs: Any) -> bool:
        """Look the address up unless it is none or was asked for too often; then answer 429."""
        self.unusable = _unusable(self.email.data or "")
        if self.unusable or _is_refused(_try(Purpose.RESET, self.email.data), self.form_errors):
            return False
        return super().validate(**kwargs)

    @property
    def errors(self) -> dict[str | None, Any]:
        """The errors by field; Flask-Security empties those of the address, but how it is written tells nothing."""
        return {**super().errors, **({"email": [self.unusable]} if self.unusable else {})}


class NewPasswordForm(ChangePasswordForm):
    """The present password and a new one; a stolen session cannot guess the present one without end."""

    def validate(self, **kwargs: Any) -> bool:
        """Check both unless there were too many tries; then answer 429."""
        attempt = _try(Purpose.PASSWORD, current_user.email)
        if _is_refused(attempt, self.form_errors):
            return False
        if not super().validate(**kwargs):
            sign_in.note_failure(attempt, "wrong")
            return False
        sign_in.forget_tries(attempt)
        return True


def _try(purpose: Purpose, email: str | None) -> Try:
    return Try(purpose=purpose, email=email or "", network_address=request.remote_addr or "")


def _unusable(email: str) -> str:
    """Return what to say of an address that no mail reaches, or nothing."""
    if not email.strip():
        return str(get_message("EMAIL_NOT_PROVIDED")[0])
    try:
        addresses.normal(email)
    except Unsendable:
        return str(get_message("INVALID_EMAIL_ADDRESS")[0])
    return ""


def _is_refused(attempt: Try, errors: list[str]) -> bool:
    again_at = sign_in.count_try(attempt)
    if again_at is None:
        return False
    sign_in.note_failure(attempt, "too_many_tries")
    seconds = max(1, int((again_at - clock.now()).total_seconds()))
    errors.append(f"Too many tries. Try again in {plural(-(-seconds // 60), 'minute')}.")

    @after_this_request
    def answer(response: Response) -> Response:
        response.status_code = 429
        response.headers["Retry-After"] = str(seconds)
        return response

    return True
