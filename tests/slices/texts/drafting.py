"""What tests of templates do with the firm's texts."""

from recruiter.db.session import reading
from recruiter.texts import queries, service
from recruiter.texts.models import Template, TemplateVersion, TextKind, VersionState
from recruiter.texts.queries import Want

WORDS = {
    "subject": "About {{ job.title }}",
    "mail_body": "Hello,\r\n\r\nWe will not be taking your application further.\r\n\r\n{{ candidate.page_url }}",
    "page_body": "Hello,\n\nWe will not be taking your application further.",
    "page_closing": "",
}


def versions(template: Template) -> list[TemplateVersion]:
    with reading(template.firm_id) as session:
        return list(queries.list_versions(session, template.firm_id, template.id))


def draft(person, template: Template, **words: str):
    return person.browser.post(f"/templates/{template.id}/draft", data=WORDS | words)


def publish(person, template: Template):
    """Publish what somebody looked at just now, whether or not the page offers it."""
    version = versions(template)[0]
    seen = service.review(template.firm_id, version.id).mark if version.state is VersionState.DRAFT else ""
    return person.browser.post(f"/templates/{template.id}/versions/{version.id}/publish", data={"seen": seen})


def published(template: Template, **wanted) -> TemplateVersion | None:
    with reading(template.firm_id) as session:
        return queries.find_published(session, template.firm_id, TextKind.REJECTION, Want(**wanted))
