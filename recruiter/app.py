"""Builds the application; the only module that knows every feature."""

from flask import Blueprint, Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from recruiter import config
from recruiter.accounts import key_pages, look_pages, member_pages, security
from recruiter.accounts import pages as account_pages
from recruiter.accounts import settings as settings_pages
from recruiter.accounts.stream import AccountStream
from recruiter.applications import api as applications
from recruiter.applications import pages as application_pages
from recruiter.applications import settings as reason_pages
from recruiter.audit import seals
from recruiter.candidates import api as candidates
from recruiter.candidates import pages as candidate_pages
from recruiter.config import Settings
from recruiter.contacts import api as contacts
from recruiter.contacts import pages as contact_pages
from recruiter.contacts import stray_pages
from recruiter.contacts.inbound import ReplyKeeper
from recruiter.db import engine, wal
from recruiter.desk import navigation, outbox_pages, record_pages
from recruiter.desk import pages as desk
from recruiter.engine import chosen
from recruiter.engine.base import Work
from recruiter.feedback import pages as competency_pages
from recruiter.imports import pages as import_pages
from recruiter.imports import service as imports
from recruiter.inbox import endpoint, hearers, imap, listener
from recruiter.inbox import service as inbox
from recruiter.inbox.gauges import Inbound
from recruiter.jobs import api as jobs
from recruiter.jobs import pages as job_pages
from recruiter.jobs import settings as policy_pages
from recruiter.notices import api as notices
from recruiter.notices import checker_pages, resumption, second_reader
from recruiter.notices import pages as notice_pages
from recruiter.notices import queries as notice_queries
from recruiter.notices.models import NoticeKind
from recruiter.notices.stream import NoticeStream
from recruiter.outbox import replays, schedules, streams, worker
from recruiter.outbox.models import StreamKind
from recruiter.outbox.replays import Resume
from recruiter.outbox.streams import Stream
from recruiter.portal import api as portal
from recruiter.portal import pages as portal_pages
from recruiter.portal.stream import AnswerStream
from recruiter.privacy import pages as privacy_pages
from recruiter.privacy import retention as erasures
from recruiter.privacy import settings as retention_settings
from recruiter.resources import api as resources
from recruiter.resources import looking
from recruiter.resources import pages as resource_pages
from recruiter.scorecards import api as scorecards
from recruiter.scorecards import pages as scorecard_pages
from recruiter.talent_pool import api as talent_pool
from recruiter.talent_pool import leave_page
from recruiter.talent_pool import pages as pool_pages
from recruiter.talent_pool import queries as pool_queries
from recruiter.talent_pool import service as memberships
from recruiter.talent_pool.inbound import PoolUsher
from recruiter.talent_pool.stream import InvitationStream
from recruiter.texts import pages as template_pages
from recruiter.texts import tally
from recruiter.texts.models import TextKind
from recruiter.texts.stream import CopyStream
from recruiter.web import api, assets, docs, errors, headers, jinja, languages, operations
from recruiter.web.api import ApiBlueprint
from recruiter.webhooks import api as webhooks
from recruiter.webhooks import pages as webhook_pages
from recruiter.webhooks import retention
from recruiter.webhooks import worker as webhook_worker

# Pages for members and candidates; each names its guard in a before_request.
PAGES: tuple[Blueprint, ...] = (
    account_pages.pages,
    settings_pages.pages,
    member_pages.pages,
    key_pages.pages,
    look_pages.pages,
    look_pages.sheets,
    desk.pages,
    record_pages.pages,
    outbox_pages.pages,
    notice_pages.pages,
    second_reader.pages,
    checker_pages.pages,
    portal_pages.pages,
    contact_pages.pages,
    stray_pages.pages,
    template_pages.pages,
    candidate_pages.pages,
    job_pages.pages,
    application_pages.pages,
    scorecard_pages.pages,
    reason_pages.pages,
    resource_pages.pages,
    pool_pages.pages,
    leave_page.pages,
    import_pages.pages,
    privacy_pages.pages,
    retention_settings.pages,
    webhook_pages.pages,
    competency_pages.pages,
    policy_pages.pages,
)

# The REST API, in the order of its description.
APIS: tuple[ApiBlueprint, ...] = (
    jobs.clients_blp,
    candidates.blp,
    jobs.jobs_blp,
    applications.blp,
    scorecards.blp,
    resources.blp,
    notices.blp,
    portal.blp,
    talent_pool.memberships_blp,
    talent_pool.invitations_blp,
    contacts.contacts_blp,
    contacts.reminders_blp,
    webhooks.blp,
)

# Which feature answers for each kind of message; a kind without one never leaves.
STREAMS: dict[StreamKind, Stream] = {
    StreamKind.ACCOUNT: AccountStream(),
    StreamKind.ANSWER: AnswerStream(),
    StreamKind.COPY: CopyStream(),
    StreamKind.NOTICE: NoticeStream(),
    StreamKind.POOL: InvitationStream(),
}

# Which kinds of mail that could not leave are sent again as they are; an invitation is written anew.
RESUMES: dict[StreamKind, Resume] = {StreamKind.ANSWER: AnswerStream().resume, StreamKind.NOTICE: resumption.resume}

# What runs by itself in the process that delivers, beside mail: at least every so many seconds.
WORK: dict[str, tuple[float, Work]] = {
    erasures.WORK: (3600.0, erasures.sweep),
    imports.WORK: (2.0, imports.work),
    inbox.WORK: (1.0, inbox.sort_all),
    looking.WORK: (600.0, looking.look),
    "pool": (3600.0, memberships.end_all_past),
    schedules.WORK: (3600.0, schedules.resolve_all),
    retention.WORK: (3600.0, retention.forget),
    seals.WORK: (3600.0, seals.seal_all),
    "statistics": (600.0, engine.refresh_statistics),
    "log": (10.0, wal.shorten),
}

MAX_BODY = 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Return the WSGI application for these settings, or for those of the environment."""
    settings = settings or Settings.from_environ()
    config.use(settings)
    app = Flask("recruiter", template_folder=str(jinja.template_dir()))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine.options(settings.database_url),
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
    )
    hops = settings.trusted_proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    engine.db.init_app(app)
    with app.app_context():
        engine.prepare(engine.db.engine)
    _frame_web(app, settings)
    _deliver(app)
    _route(app, settings)
    return app


def _frame_web(app: Flask, settings: Settings) -> None:
    """Set up what every answer shares."""
    jinja.init_app(app)
    languages.init_app(app)
    errors.init_app(app)
    headers.init_app(app, https=settings.is_https)
    operations.init_app(app)
    assets.init_app(app)


def _deliver(app: Flask) -> None:
    """Set up what works by itself, for the process that delivers."""
    worker.init_app(app)
    webhook_worker.init_app(app)
    for name, (seconds, work) in WORK.items():
        chosen.of(app).every(name, seconds, work)
    for kind, stream in STREAMS.items():
        streams.register(kind, stream)
    for kind, resume in RESUMES.items():
        replays.register(kind, resume)
    tally.register(notice_queries.count_by_template, *map(TextKind, NoticeKind))
    tally.register(pool_queries.count_by_template, TextKind.POOL_INVITATION)
    imap.init_app(app)
    listener.init_app(app)
    operations.add_gauges(app, Inbound())
    hearers.register({StreamKind.NOTICE: NoticeStream()}, ReplyKeeper(), PoolUsher())


def _route(app: Flask, settings: Settings) -> None:
    """Register every route. The API has keys and a candidate's page its link's token, so neither needs CSRF tokens."""
    rest = api.init_app(app)
    csrf = CSRFProtect(app)
    security.init_app(app, settings)
    navigation.init_app(app)
    app.register_blueprint(docs.blueprint)
    app.register_blueprint(endpoint.blp)
    for page in PAGES:
        app.register_blueprint(page)
    for resource in APIS:
        rest.register_blueprint(resource)
    for blueprint in (*APIS, portal_pages.pages, leave_page.pages, endpoint.blp):
        csrf.exempt(blueprint)
