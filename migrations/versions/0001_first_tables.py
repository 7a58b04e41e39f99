"""Every table of the first release, full-text search, and row-level security on PostgreSQL."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Row-level security is the second wall: a query that forgets the firm finds nothing. A pooled connection holds an
# empty setting after SET LOCAL, hence nullif. The owner reads everything, for the doors below.
FIRM = "nullif(current_setting('recruiter.firm_id', true), '')::uuid"

TENANT_TABLES = (
    "answers",
    "api_keys",
    "applications",
    "ats_reasons",
    "attempts",
    "audit_entries",
    "audit_seals",
    "candidate_emails",
    "candidate_skills",
    "candidates",
    "clients",
    "competency_lists",
    "contacts",
    "desk_marks",
    "earlier_notes",
    "feedback_pages",
    "feedback_points",
    "finding_choices",
    "import_runs",
    "inbound_mails",
    "jobs",
    "mail_stops",
    "member_invitations",
    "members",
    "memberships",
    "messages",
    "notices",
    "planned_erasures",
    "policy_changes",
    "pool_invitations",
    "ratings",
    "receipts",
    "reminders",
    "replaced_links",
    "reply_drafts",
    "requirements",
    "resources",
    "responses",
    "scorecard_notes",
    "scorecards",
    "search_documents",
    "suppressions",
    "tellings",
    "template_versions",
    "templates",
    "webhook_deliveries",
    "webhook_endpoints",
    "webhook_events",
    "webhook_tries",
)

UNMAPPED = "ats_reason_id IS NOT NULL AND outcome_code IS NULL AND told_at IS NULL"

# What must be found before the firm is known: value in, firm out.
DOORS = {
    "firm_slug": ("firms", "slug", "id"),
    "member_email": ("members", "email", "firm_id"),
    "member_session": ("members", "fs_uniquifier", "firm_id"),
    "member_invitation": ("member_invitations", "token_hash", "firm_id"),
    "api_key": ("api_keys", "prefix", "firm_id"),
    "feedback_page": ("feedback_pages", "token_hash", "firm_id"),
    "replaced_link": ("replaced_links", "token_hash", "firm_id"),
    "pool_leave": ("memberships", "leave_token_hash", "firm_id"),
    "message": ("messages", "id", "firm_id"),
    "message_id": ("messages", "message_id", "firm_id"),
}

# What is counted over all firms: table and condition. ``late`` lies a minute and ``old`` a quarter of an hour before
# ``moment``.
FIGURES = {
    "queued": ("messages", "state = 'queued'"),
    "leased": ("messages", "state = 'leased'"),
    "sending": ("messages", "state = 'sending'"),
    "doubtful": ("messages", "state = 'doubtful'"),
    "due": ("messages", "state = 'queued' AND due_at <= moment"),
    "for_the_relay": ("messages", "state = 'queued' AND problem_code IN ('line_lost', 'credentials', 'throttled')"),
    "for_a_person": ("messages", "state = 'doubtful' AND lease_until IS NULL"),
    "paused": ("mail_stops", "ended_at IS NULL AND kind = 'paused'"),
    "refused": ("mail_stops", "ended_at IS NULL AND kind = 'refused'"),
    "paused_for_all": ("installation_notes", "name = 'mail.paused'"),
    "lease_expired": ("messages", "state IN ('leased', 'sending', 'doubtful') AND lease_until <= late"),
    "sending_old": (
        "messages",
        (
            "state = 'sending' AND EXISTS (SELECT 1 FROM attempts AS a WHERE a.firm_id = messages.firm_id "
            "AND a.message_id = messages.id AND a.number = messages.attempts AND a.started_at <= old)"
        ),
    ),
    "created_not_queued": (
        "notices",
        (
            "state IN ('held', 'leaving') AND NOT EXISTS (SELECT 1 FROM messages AS m "
            "WHERE m.firm_id = notices.firm_id AND m.id = notices.message_id)"
        ),
    ),
    "ended_not_told": (
        "notices",
        (
            "state IN ('held', 'leaving') AND EXISTS (SELECT 1 FROM messages AS m WHERE m.firm_id = notices.firm_id "
            "AND m.id = notices.message_id AND m.state NOT IN ('queued', 'leased', 'sending', 'doubtful'))"
        ),
    ),
}

LISTENED_TO = (
    "endpoint_id IN (SELECT id FROM webhook_endpoints WHERE disabled_at IS NULL "
    "AND (quiet_until IS NULL OR quiet_until <= moment))"
)

# Work that is due in many firms: moment in, firms out.
DUE = {
    "messages": ("messages", "firm_id", "state = 'queued' AND due_at <= moment"),
    "leases": ("messages", "firm_id", "state IN ('leased', 'sending', 'doubtful') AND lease_until <= moment"),
    "webhooks": (
        "webhook_deliveries",
        "firm_id",
        f"state = 'pending' AND due_at <= moment AND {LISTENED_TO}",
    ),
    "imports": ("import_runs", "firm_id", "state IN ('waiting', 'running') AND created_at <= moment"),
    "old_events": ("webhook_events", "firm_id", "occurred_at <= moment"),
    "old_receipts": ("receipts", "firm_id", "created_at <= moment"),
    "inbound": ("inbound_mails", "firm_id", "state = 'waiting' AND due_at <= moment"),
    "links": ("resources", "firm_id", "check_at <= moment"),
    "all": ("firms", "id", "created_at <= moment"),
}


def _protect() -> None:
    for table in ("firms", *TENANT_TABLES):
        firm = "id" if table == "firms" else "firm_id"
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY firm ON {table} USING ({firm} = {FIRM}) WITH CHECK ({firm} = {FIRM})")
        op.execute(f"CREATE POLICY owner ON {table} FOR SELECT TO CURRENT_USER USING (true)")


def _open_doors() -> None:
    for name, (table, column, firm) in DOORS.items():
        # A stranger's value is text; what is no key finds none, and fails nothing.
        held = "CASE WHEN value ~ '^[0-9a-f]{32}$' THEN value::uuid END" if column == "id" else "value"
        op.execute(
            f"CREATE FUNCTION firm_by_{name}(value text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER "
            f"SET search_path = pg_catalog, public AS $$ SELECT {firm} FROM public.{table} WHERE {column} = {held} $$"
        )
        op.execute(f"REVOKE ALL ON FUNCTION firm_by_{name}(text) FROM PUBLIC")
    for name, (table, firm, condition) in DUE.items():
        op.execute(
            f"CREATE FUNCTION firms_with_{name}(moment timestamptz) RETURNS SETOF uuid LANGUAGE sql STABLE "
            "SECURITY DEFINER SET search_path = pg_catalog, public AS "
            f"$$ SELECT DISTINCT {firm} FROM public.{table} WHERE {condition} $$"
        )
        op.execute(f"REVOKE ALL ON FUNCTION firms_with_{name}(timestamptz) FROM PUBLIC")


def _count_over_firms() -> None:
    """Sums over all firms, for whoever watches the installation; no row and no firm can be told from them."""
    counts = " UNION ALL ".join(
        f"SELECT '{name}', count(*) FROM public.{table} WHERE {condition}"
        for name, (table, condition) in FIGURES.items()
    )
    op.execute(
        "CREATE FUNCTION delivery_figures(moment timestamptz, late timestamptz, old timestamptz) "
        "RETURNS TABLE (name text, value bigint) LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = pg_catalog, public AS $$ {counts} $$"
    )
    op.execute("REVOKE ALL ON FUNCTION delivery_figures(timestamptz, timestamptz, timestamptz) FROM PUBLIC")
    op.execute(
        "CREATE FUNCTION oldest_due(moment timestamptz) RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER "
        "SET search_path = pg_catalog, public AS $$ SELECT min(first_due_at) FROM public.messages "
        "WHERE state = 'queued' AND first_due_at <= moment $$"
    )
    op.execute("REVOKE ALL ON FUNCTION oldest_due(timestamptz) FROM PUBLIC")


def _index_words() -> None:
    """Full text over words that the application has folded, so both databases find the same."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE search_documents ADD COLUMN document tsvector "
            "GENERATED ALWAYS AS (to_tsvector('simple', words)) STORED"
        )
        op.execute("CREATE INDEX ix_search_documents_document ON search_documents USING gin (document)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE search_words USING fts5(words, content='search_documents', content_rowid='number', "
        "tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
    )
    gone = "INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', old.number, old.words);"
    come = "INSERT INTO search_words (rowid, words) VALUES (new.number, new.words);"
    op.execute(f"CREATE TRIGGER search_words_insert AFTER INSERT ON search_documents BEGIN {come} END")
    op.execute(f"CREATE TRIGGER search_words_delete AFTER DELETE ON search_documents BEGIN {gone} END")
    op.execute(f"CREATE TRIGGER search_words_update AFTER UPDATE ON search_documents BEGIN {gone} {come} END")


def _unindex_words() -> None:
    if op.get_bind().dialect.name != "postgresql":
        op.execute("DROP TABLE search_words")


def _keep_the_log() -> None:
    """What was recorded, and what vouches for it, is never altered, by no role, and goes only with its firm."""
    refused = "The audit log is never altered."
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION keep_the_log() RETURNS trigger LANGUAGE plpgsql "
            "SET search_path = pg_catalog, public AS $$ BEGIN "
            "IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM public.firms WHERE id = OLD.firm_id) "
            f"THEN RETURN OLD; END IF; RAISE EXCEPTION '{refused}'; END $$"
        )
        op.execute("REVOKE ALL ON FUNCTION keep_the_log() FROM PUBLIC")
    for table in ("audit_entries", "audit_seals"):
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION keep_the_log()"
            )
            continue
        refuse = f"BEGIN SELECT RAISE(ABORT, '{refused}'); END"
        its_firm = "EXISTS (SELECT 1 FROM firms WHERE id = old.firm_id)"
        op.execute(f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} WHEN {its_firm} {refuse}")


def _close_doors() -> None:
    op.execute("DROP FUNCTION keep_the_log() CASCADE")
    op.execute("DROP FUNCTION delivery_figures(timestamptz, timestamptz, timestamptz)")
    op.execute("DROP FUNCTION oldest_due(timestamptz)")
    for name in DOORS:
        op.execute(f"DROP FUNCTION firm_by_{name}(text)")
    for name in DUE:
        op.execute(f"DROP FUNCTION firms_with_{name}(timestamptz)")


def upgrade() -> None:
    op.create_table(
        "firms",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("postal_address", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("hold_minutes", sa.Integer(), nullable=False),
        sa.Column("pool_months", sa.Integer(), nullable=False),
        sa.Column("promise_days", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("holds_doubtful", sa.Boolean(), nullable=False),
        sa.Column("wording", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("erases_from", sa.Date(), nullable=True),
        sa.Column("erasure_notice_days", sa.Integer(), nullable=False),
        sa.Column("files_seen_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("hold_minutes BETWEEN 0 AND 1440", name=op.f("ck_firms_hold_within_a_day")),
        sa.CheckConstraint("pool_months BETWEEN 1 AND 36", name=op.f("ck_firms_pool_months_in_range")),
        sa.CheckConstraint("erasure_notice_days BETWEEN 7 AND 30", name=op.f("ck_firms_erasure_notice_in_range")),
        sa.CheckConstraint(
            "region IS NULL OR (country IS NOT NULL AND substr(region, 1, 3) = country || '-')",
            name=op.f("ck_firms_region_of_country"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firms")),
        sa.UniqueConstraint("slug", name=op.f("uq_firms_slug")),
    )
    op.create_table(
        "mailboxes",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=True),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("unplaced", sa.Integer(), nullable=False),
        sa.Column("given_up", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailboxes")),
    )
    op.create_table(
        "sign_in_counters",
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("window_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_sign_in_counters")),
    )
    op.create_table(
        "audit_entries",
        sa.Column(
            "actor_kind",
            sa.Enum(
                "member",
                "api_key",
                "candidate",
                "system",
                name="actor_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=True),
        sa.Column("details", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("before_digest", sa.String(length=64), nullable=True),
        sa.Column("after_digest", sa.String(length=64), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_audit_entries_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_audit_entries_firm_id_id")),
    )
    op.create_index(
        "ix_audit_entries_candidate", "audit_entries", ["firm_id", "candidate_id", "created_at"], unique=False
    )
    op.create_index("ix_audit_entries_subject", "audit_entries", ["firm_id", "subject_id", "created_at"], unique=False)
    op.create_table(
        "audit_seals",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("last_entry_id", sa.Uuid(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_audit_seals_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_audit_seals_firm_id_id")),
        sa.UniqueConstraint("firm_id", "number", name=op.f("uq_audit_seals_firm_id_number")),
    )
    op.create_table(
        "candidates",
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("last_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_reason", sa.String(), nullable=True),
        sa.Column("legal_hold", sa.String(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(erased_at IS NULL) = (name IS NOT NULL)", name=op.f("ck_candidates_name_unless_erased")),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_candidates_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
        sa.UniqueConstraint("firm_id", "external_id", name=op.f("uq_candidates_firm_id_external_id")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_candidates_firm_id_id")),
    )
    op.create_index("ix_candidates_created", "candidates", ["firm_id", "created_at", "id"], unique=False)
    op.create_index("ix_candidates_location", "candidates", ["firm_id", "location", "id"], unique=False)
    op.create_index("ix_candidates_name", "candidates", ["firm_id", "name_folded", "id"], unique=False)
    op.create_table(
        "clients",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=True),
        sa.Column("headcount_on", sa.Date(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(headcount IS NULL) = (headcount_on IS NULL)", name=op.f("ck_clients_headcount_has_day")),
        sa.CheckConstraint("headcount >= 0", name=op.f("ck_clients_headcount_from_none")),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_clients_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clients")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_clients_firm_id_id")),
        sa.UniqueConstraint("firm_id", "name_folded", name=op.f("uq_clients_firm_id_name_folded")),
    )
    op.create_table(
        "competency_lists",
        sa.Column(
            "family",
            sa.Enum(
                "general",
                "office",
                "finance",
                "engineering",
                "sales",
                "service",
                "care",
                "trades",
                "management",
                name="family",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("names", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firms.id"], name=op.f("fk_competency_lists_firm_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competency_lists")),
        sa.UniqueConstraint("firm_id", "family", name=op.f("uq_competency_lists_firm_id_family")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_competency_lists_firm_id_id")),
    )
    op.create_table(
        "members",
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "lead",
                "recruiter",
                "privacy",
                "viewer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(), nullable=False),
        sa.Column("single_key_shortcuts", sa.Boolean(), nullable=False),
        sa.Column("last_signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_members_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("email", name=op.f("uq_members_email")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_members_firm_id_id")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_members_fs_uniquifier")),
    )
    op.create_table(
        "ratings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.CheckConstraint("value BETWEEN 1 AND 5", name=op.f("ck_ratings_one_to_five")),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_ratings_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
    )
    op.create_index("ix_ratings_month", "ratings", ["firm_id", "month"], unique=False)
    op.create_table(
        "finding_choices",
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum("kept", "overridden", name="choice", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_finding_choices_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_choices")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_finding_choices_firm_id_id")),
    )
    op.create_index("ix_finding_choices_rule", "finding_choices", ["firm_id", "rule", "choice"], unique=False)
    op.create_table(
        "replaced_links",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_replaced_links_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replaced_links")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_replaced_links_firm_id_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_replaced_links_token_hash")),
    )
    op.create_table(
        "receipts",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_hash", sa.String(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_receipts_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_receipts_firm_id_id")),
        sa.UniqueConstraint("firm_id", "key", name=op.f("uq_receipts_firm_id_key")),
    )
    op.create_index("ix_receipts_created", "receipts", ["firm_id", "created_at"], unique=False)
    op.create_table(
        "installation_notes",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation_notes")),
    )
    op.create_table(
        "mail_stops",
        sa.Column(
            "kind",
            sa.Enum(
                "paused",
                "refused",
                name="stop_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_mail_stops_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_stops")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_mail_stops_firm_id_id")),
    )
    op.create_index(
        "uq_mail_stops_open",
        "mail_stops",
        ["firm_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "suppressions",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column(
            "stream",
            sa.Enum(
                "notice",
                "answer",
                "pool",
                "account",
                "copy",
                name="stream_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_suppressions_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressions")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_suppressions_firm_id_id")),
    )
    op.create_index("ix_suppressions_address", "suppressions", ["firm_id", "address"], unique=False)
    op.create_table(
        "templates",
        sa.Column(
            "kind",
            sa.Enum(
                "rejection",
                "update",
                "role_closed",
                "correction",
                "answer",
                "pool_invitation",
                "pool_renewal",
                name="text_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "application",
                "screening",
                "submitted",
                "client_interview",
                "final",
                name="text_stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rated", sa.Integer(), nullable=False),
        sa.Column("rated_useful", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rated_useful BETWEEN 0 AND rated", name=op.f("ck_templates_useful_are_rated")),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_templates_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_templates_firm_id_id")),
        sa.UniqueConstraint("firm_id", "slug", "language", name=op.f("uq_templates_firm_id_slug_language")),
    )
    op.create_table(
        "webhook_endpoints",
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("events", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("secret_version", sa.Integer(), nullable=False),
        sa.Column("previous_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_reason", sa.String(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firms.id"], name=op.f("fk_webhook_endpoints_firm_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_webhook_endpoints_firm_id_id")),
    )
    op.create_table(
        "webhook_events",
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_webhook_events_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_events")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_webhook_events_firm_id_id")),
    )
    op.create_index("ix_webhook_events_occurred", "webhook_events", ["firm_id", "occurred_at"], unique=False)
    op.create_table(
        "api_keys",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "created_by_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_api_keys_firm_id_created_by_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_api_keys_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_api_keys_firm_id_id")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_keys_prefix")),
    )
    op.create_table(
        "candidate_emails",
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("address_folded", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "candidate_id"],
            ["candidates.firm_id", "candidates.id"],
            name=op.f("fk_candidate_emails_firm_id_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firms.id"], name=op.f("fk_candidate_emails_firm_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_emails")),
        sa.UniqueConstraint("firm_id", "address_folded", name=op.f("uq_candidate_emails_firm_id_address_folded")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_candidate_emails_firm_id_id")),
    )
    op.create_index("ix_candidate_emails_candidate", "candidate_emails", ["firm_id", "candidate_id"], unique=False)
    op.create_table(
        "candidate_skills",
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "candidate_id"],
            ["candidates.firm_id", "candidates.id"],
            name=op.f("fk_candidate_skills_firm_id_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firms.id"], name=op.f("fk_candidate_skills_firm_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_skills")),
        sa.UniqueConstraint(
            "firm_id", "candidate_id", "name_folded", name=op.f("uq_candidate_skills_firm_id_candidate_id_name_folded")
        ),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_candidate_skills_firm_id_id")),
    )
    op.create_index(
        "ix_candidate_skills_name", "candidate_skills", ["firm_id", "name_folded", "candidate_id"], unique=False
    )
    op.create_table(
        "desk_marks",
        sa.Column(
            "kind",
            sa.Enum(
                "overdue",
                "missing",
                "problem",
                "response",
                "contact",
                "reminder",
                "consent",
                "duty",
                "duty_ends",
                "reading",
                name="item_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "candidate_id"],
            ["candidates.firm_id", "candidates.id"],
            name=op.f("fk_desk_marks_firm_id_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "member_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_desk_marks_firm_id_member_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_desk_marks_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_marks")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_desk_marks_firm_id_id")),
        sa.UniqueConstraint("firm_id", "kind", "subject_id", name=op.f("uq_desk_marks_firm_id_kind_subject_id")),
    )
    op.create_index("ix_desk_marks_candidate", "desk_marks", ["firm_id", "candidate_id"], unique=False)
    op.create_table(
        "import_runs",
        sa.Column(
            "kind",
            sa.Enum(
                "candidates",
                "applications",
                "scorecards",
                name="import_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "checked",
                "waiting",
                "running",
                "done",
                "failed",
                name="import_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_taken", sa.Integer(), nullable=False),
        sa.Column("problems", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "created_by_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_import_runs_firm_id_created_by_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_import_runs_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_import_runs_firm_id_id")),
    )
    op.create_index(
        "uq_import_runs_file",
        "import_runs",
        ["firm_id", "kind", "sha256"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'running', 'done')"),
        postgresql_where=sa.text("state IN ('waiting', 'running', 'done')"),
    )
    op.create_table(
        "jobs",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("title_folded", sa.String(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("client_disclosed", sa.Boolean(), nullable=False),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column("advertised", sa.Boolean(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "region IS NULL OR (country IS NOT NULL AND substr(region, 1, 3) = country || '-')",
            name=op.f("ck_jobs_region_of_country"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "client_id"],
            ["clients.firm_id", "clients.id"],
            name=op.f("fk_jobs_firm_id_client_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "owner_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_jobs_firm_id_owner_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_jobs_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("firm_id", "external_id", name=op.f("uq_jobs_firm_id_external_id")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_jobs_firm_id_id")),
    )
    op.create_index("ix_jobs_created", "jobs", ["firm_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_jobs_region",
        "jobs",
        ["firm_id", "region"],
        unique=False,
        sqlite_where=sa.text("region IS NOT NULL"),
        postgresql_where=sa.text("region IS NOT NULL"),
    )
    op.create_index("ix_jobs_title", "jobs", ["firm_id", "title_folded"], unique=False)
    op.create_table(
        "member_invitations",
        sa.Column("email", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "lead",
                "recruiter",
                "privacy",
                "viewer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_by_id", sa.Uuid(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "invited_by_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_member_invitations_firm_id_invited_by_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firms.id"], name=op.f("fk_member_invitations_firm_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_invitations")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_member_invitations_firm_id_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_member_invitations_token_hash")),
    )
    op.create_table(
        "memberships",
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "consent", "legitimate_interest", name="basis", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("leave_token_hash", sa.String(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_how", sa.String(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_memberships_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["firm_id", "candidate_id"],
            ["candidates.firm_id", "candidates.id"],
            name=op.f("fk_memberships_firm_id_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_memberships_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_memberships_firm_id_id")),
        sa.UniqueConstraint("leave_token_hash", name=op.f("uq_memberships_leave_token_hash")),
    )
    op.create_index("ix_memberships_created", "memberships", ["firm_id", "created_at", "id"], unique=False)
    op.create_index("ix_memberships_ends", "memberships", ["firm_id", "ends_on"], unique=False)
    op.create_index(
        "uq_memberships_open",
        "memberships",
        ["firm_id", "candidate_id"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_table(
        "messages",
        sa.Column(
            "stream",
            sa.Enum(
                "notice",
                "answer",
                "pool",
                "account",
                "copy",
                name="stream_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=True),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("recipient_name", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("sender_name", sa.String(), nullable=False),
        sa.Column("reply_to", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "leased",
                "sending",
                "accepted",
                "doubtful",
                "rejected",
                "suppressed",
                "expired",
                "dead",
                "stopped",
                "cancelled",
                name="message_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_zone", sa.String(), nullable=True),
        sa.Column("due_local", sa.String(), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_before", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("doubts", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem_code", sa.String(), nullable=True),
        sa.Column("problem_detail", sa.String(), nullable=True),
        sa.Column("sent_subject", sa.String(), nullable=True),
        sa.Column("sent_text", sa.String(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'accepted') = (accepted_at IS NOT NULL)", name=op.f("ck_messages_accepted_has_time")
        ),
        sa.CheckConstraint(
            "(state IN ('leased', 'sending')) = (lease_owner IS NOT NULL)", name=op.f("ck_messages_lease_has_owner")
        ),
        sa.CheckConstraint(
            "lease_until IS NOT NULL OR state NOT IN ('leased', 'sending')", name=op.f("ck_messages_lease_has_end")
        ),
        sa.CheckConstraint(
            "lease_until IS NULL OR state IN ('leased', 'sending', 'doubtful')", name=op.f("ck_messages_end_has_lease")
        ),
        sa.CheckConstraint(
            "(due_zone IS NULL) = (due_local IS NULL) AND (due_zone IS NULL) = (not_before IS NULL)",
            name=op.f("ck_messages_time_of_day_is_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "candidate_id"],
            ["candidates.firm_id", "candidates.id"],
            name=op.f("fk_messages_firm_id_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_messages_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("firm_id", "dedupe_key", name=op.f("uq_messages_firm_id_dedupe_key")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_messages_firm_id_id")),
        sa.UniqueConstraint("message_id", name=op.f("uq_messages_message_id")),
    )
    op.create_index("ix_messages_candidate", "messages", ["firm_id", "candidate_id"], unique=False)
    op.create_index(
        "ix_messages_due",
        "messages",
        ["firm_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_messages_leases",
        "messages",
        ["firm_id", "lease_until"],
        unique=False,
        sqlite_where=sa.text("state IN ('leased', 'sending', 'doubtful')"),
        postgresql_where=sa.text("state IN ('leased', 'sending', 'doubtful')"),
    )
    op.create_index("ix_messages_subject", "messages", ["firm_id", "subject_id"], unique=False)
    op.create_table(
        "inbound_mails",
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=True),
        sa.Column("uid", sa.BigInteger(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("recipients", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sent_by", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting", "done", "failed", name="mail_state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "own",
                "bounce",
                "delay",
                "complaint",
                "unsubscribe",
                "automatic",
                "reply",
                name="mail_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("is_trusted", sa.Boolean(), nullable=False),
        sa.Column("is_unverified", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("candidate_id", sa.Uuid(), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'done') = (kind IS NOT NULL)", name=op.f("ck_inbound_mails_done_has_kind")),
        sa.ForeignKeyConstraint(
            ["firm_id", "candidate_id"],
            ["candidates.firm_id", "candidates.id"],
            name=op.f("fk_inbound_mails_firm_id_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "message_id"],
            ["messages.firm_id", "messages.id"],
            name=op.f("fk_inbound_mails_firm_id_message_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_inbound_mails_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_mails")),
        sa.UniqueConstraint("firm_id", "fingerprint", name=op.f("uq_inbound_mails_firm_id_fingerprint")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_inbound_mails_firm_id_id")),
        sa.UniqueConstraint(
            "firm_id", "mailbox", "uid_validity", "uid", name=op.f("uq_inbound_mails_firm_id_mailbox_uid_validity_uid")
        ),
    )
    op.create_index("ix_inbound_mails_address", "inbound_mails", ["firm_id", "address"], unique=False)
    op.create_index("ix_inbound_mails_candidate", "inbound_mails", ["firm_id", "candidate_id"], unique=False)
    op.create_index("ix_inbound_mails_message", "inbound_mails", ["firm_id", "message_id"], unique=False)
    op.create_index(
        "ix_inbound_mails_waiting",
        "inbound_mails",
        ["firm_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "search_documents",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "candidate_id"],
            ["candidates.firm_id", "candidates.id"],
            name=op.f("fk_search_documents_firm_id_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firms.id"], name=op.f("fk_search_documents_firm_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_documents")),
        sa.UniqueConstraint("firm_id", "candidate_id", name=op.f("uq_search_documents_firm_id_candidate_id")),
    )
    op.create_table(
        "template_versions",
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "published", name="version_state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("mail_body", sa.String(), nullable=False),
        sa.Column("page_body", sa.String(), nullable=False),
        sa.Column("page_closing", sa.String(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)", name=op.f("ck_template_versions_published_has_time")
        ),
        sa.CheckConstraint(
            "asked_at IS NULL OR asked_by_id IS NOT NULL", name=op.f("ck_template_versions_asked_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "asked_by_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_template_versions_firm_id_asked_by_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "template_id"],
            ["templates.firm_id", "templates.id"],
            name=op.f("fk_template_versions_firm_id_template_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firms.id"], name=op.f("fk_template_versions_firm_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template_versions")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_template_versions_firm_id_id")),
        sa.UniqueConstraint(
            "firm_id", "template_id", "number", name=op.f("uq_template_versions_firm_id_template_id_number")
        ),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "delivered",
                "dead",
                name="delivery_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'delivered') = (delivered_at IS NOT NULL)", name=op.f("ck_webhook_deliveries_delivered_has_time")
        ),
        sa.CheckConstraint(
            "leased_until IS NULL OR state = 'pending'", name=op.f("ck_webhook_deliveries_leased_is_pending")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "endpoint_id"],
            ["webhook_endpoints.firm_id", "webhook_endpoints.id"],
            name=op.f("fk_webhook_deliveries_firm_id_endpoint_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "event_id"],
            ["webhook_events.firm_id", "webhook_events.id"],
            name=op.f("fk_webhook_deliveries_firm_id_event_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firms.id"], name=op.f("fk_webhook_deliveries_firm_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint(
            "firm_id", "endpoint_id", "event_id", name=op.f("uq_webhook_deliveries_firm_id_endpoint_id_event_id")
        ),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_webhook_deliveries_firm_id_id")),
    )
    op.create_index(
        "ix_webhook_deliveries_due",
        "webhook_deliveries",
        ["firm_id", "endpoint_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_webhook_deliveries_event", "webhook_deliveries", ["firm_id", "event_id"], unique=False)
    op.create_index("ix_webhook_deliveries_log", "webhook_deliveries", ["firm_id", "endpoint_id", "id"], unique=False)
    op.create_table(
        "webhook_tries",
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "delivery_id"],
            ["webhook_deliveries.firm_id", "webhook_deliveries.id"],
            name=op.f("fk_webhook_tries_firm_id_delivery_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_webhook_tries_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_tries")),
        sa.UniqueConstraint(
            "firm_id", "delivery_id", "number", name=op.f("uq_webhook_tries_firm_id_delivery_id_number")
        ),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_webhook_tries_firm_id_id")),
    )
    op.create_table(
        "resources",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "guide",
                "course",
                "practice",
                "cv_help",
                "interview_help",
                "community",
                name="resource_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column(
            "cost",
            sa.Enum("free", "paid", name="cost", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("check_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("is_dead", sa.Boolean(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 6000", name=op.f("ck_resources_takes_time")),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_resources_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resources")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_resources_firm_id_id")),
        sa.UniqueConstraint("firm_id", "url", name=op.f("uq_resources_firm_id_url")),
    )
    op.create_index("ix_resources_due", "resources", ["firm_id", "check_at"], unique=False)
    op.create_table(
        "ats_reasons",
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("words_folded", sa.String(), nullable=False),
        sa.Column("outcome_code", sa.String(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_ats_reasons_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ats_reasons")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_ats_reasons_firm_id_id")),
        sa.UniqueConstraint("firm_id", "words_folded", name=op.f("uq_ats_reasons_firm_id_words_folded")),
    )
    op.create_table(
        "applications",
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "application",
                "screening",
                "submitted",
                "client_interview",
                "final",
                "offer",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("stage_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("promise_by_hand", sa.Boolean(), nullable=False),
        sa.Column("last_interview_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "decision",
            sa.Enum(
                "not_selected",
                "withdrew",
                "hired",
                "role_closed",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("outcome_code", sa.String(), nullable=True),
        sa.Column("ats_reason_id", sa.Uuid(), nullable=True),
        sa.Column(
            "decided_by",
            sa.Enum(
                "firm",
                "client",
                "candidate",
                "role_change",
                "system_rule",
                name="decided_by",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_in_time", sa.Boolean(), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_applications_decision_has_time")),
        sa.CheckConstraint("round >= 1", name=op.f("ck_applications_round_from_one")),
        sa.ForeignKeyConstraint(
            ["firm_id", "candidate_id"],
            ["candidates.firm_id", "candidates.id"],
            name=op.f("fk_applications_firm_id_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "ats_reason_id"],
            ["ats_reasons.firm_id", "ats_reasons.id"],
            name=op.f("fk_applications_firm_id_ats_reason_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "job_id"],
            ["jobs.firm_id", "jobs.id"],
            name=op.f("fk_applications_firm_id_job_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "owner_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_applications_firm_id_owner_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_applications_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("firm_id", "external_id", name=op.f("uq_applications_firm_id_external_id")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_applications_firm_id_id")),
    )
    op.create_index("ix_applications_ats_reason", "applications", ["firm_id", "ats_reason_id"], unique=False)
    op.create_index(
        "ix_applications_unmapped",
        "applications",
        ["firm_id", "candidate_id"],
        unique=False,
        sqlite_where=sa.text(UNMAPPED),
        postgresql_where=sa.text(UNMAPPED),
    )
    op.create_index("ix_applications_candidate", "applications", ["firm_id", "candidate_id"], unique=False)
    op.create_index("ix_applications_created", "applications", ["firm_id", "created_at", "id"], unique=False)
    op.create_index("ix_applications_job", "applications", ["firm_id", "job_id", "stage_since"], unique=False)
    op.create_index(
        "ix_applications_told",
        "applications",
        ["firm_id", "told_at", "told_in_time"],
        unique=False,
        sqlite_where=sa.text("told_at IS NOT NULL"),
        postgresql_where=sa.text("told_at IS NOT NULL"),
    )
    op.create_index(
        "ix_applications_waiting",
        "applications",
        ["firm_id", "promised_on"],
        unique=False,
        sqlite_where=sa.text("told_at IS NULL"),
        postgresql_where=sa.text("told_at IS NULL"),
    )
    op.create_index(
        "uq_applications_open",
        "applications",
        ["firm_id", "candidate_id", "job_id"],
        unique=True,
        sqlite_where=sa.text("decision IS NULL"),
        postgresql_where=sa.text("decision IS NULL"),
    )
    op.create_table(
        "attempts",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "accepted",
                "deferred",
                "rejected",
                "doubtful",
                "not_sent",
                name="attempt_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "verdict",
            sa.Enum(
                "line_lost",
                "credentials",
                "throttled",
                "greylisted",
                "mailbox_full",
                "temporary",
                "no_such_address",
                "sender_refused",
                "unsendable",
                "refused",
                "unknown_outcome",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "phase",
            sa.Enum(
                "build",
                "connect",
                "login",
                "mail",
                "recipient",
                "data",
                "dot",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("reply", sa.String(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "message_id"],
            ["messages.firm_id", "messages.id"],
            name=op.f("fk_attempts_firm_id_message_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_attempts_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_attempts_firm_id_id")),
        sa.UniqueConstraint("firm_id", "message_id", "number", name=op.f("uq_attempts_firm_id_message_id_number")),
    )
    op.create_index(
        "ix_attempts_verdict",
        "attempts",
        ["firm_id", "verdict", "started_at"],
        unique=False,
        sqlite_where=sa.text("verdict IS NOT NULL"),
        postgresql_where=sa.text("verdict IS NOT NULL"),
    )
    op.create_table(
        "pool_invitations",
        sa.Column("membership_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("template_version_id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("findings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("rules_version", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "held",
                "sent",
                "withdrawn",
                "failed",
                name="invitation_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "candidate_id"],
            ["candidates.firm_id", "candidates.id"],
            name=op.f("fk_pool_invitations_firm_id_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "job_id"],
            ["jobs.firm_id", "jobs.id"],
            name=op.f("fk_pool_invitations_firm_id_job_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "membership_id"],
            ["memberships.firm_id", "memberships.id"],
            name=op.f("fk_pool_invitations_firm_id_membership_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "message_id"],
            ["messages.firm_id", "messages.id"],
            name=op.f("fk_pool_invitations_firm_id_message_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "sender_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_pool_invitations_firm_id_sender_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "template_version_id"],
            ["template_versions.firm_id", "template_versions.id"],
            name=op.f("fk_pool_invitations_firm_id_template_version_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firms.id"], name=op.f("fk_pool_invitations_firm_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_invitations")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_pool_invitations_firm_id_id")),
    )
    op.create_index(
        "ix_pool_invitations_candidate", "pool_invitations", ["firm_id", "candidate_id", "created_at"], unique=False
    )
    op.create_table(
        "requirements",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("must_have", sa.Boolean(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "job_id"],
            ["jobs.firm_id", "jobs.id"],
            name=op.f("fk_requirements_firm_id_job_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_requirements_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirements")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_requirements_firm_id_id")),
        sa.UniqueConstraint("firm_id", "job_id", "position", name=op.f("uq_requirements_firm_id_job_id_position")),
    )
    op.create_table(
        "policy_changes",
        sa.Column("jurisdiction", sa.String(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column(
            "name",
            sa.Enum(
                "notice_application",
                "notice_screening",
                "notice_submitted",
                "notice_client_interview",
                "notice_final",
                "notice_role",
                "status_application",
                "status_screening",
                "status_submitted",
                "status_client_interview",
                "status_final",
                "feedback_mode",
                "reader",
                "file",
                "pool",
                "pool_basis",
                name="policy_name",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value <> '' AND jurisdiction <> ''", name=op.f("ck_policy_changes_says_something")),
        sa.ForeignKeyConstraint(
            ["firm_id", "client_id"],
            ["clients.firm_id", "clients.id"],
            name=op.f("fk_policy_changes_firm_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "member_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_policy_changes_firm_id_member_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_policy_changes_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_changes")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_policy_changes_firm_id_id")),
    )
    op.create_index(
        "uq_policy_changes_client",
        "policy_changes",
        ["firm_id", "client_id", "jurisdiction", "name"],
        unique=True,
        sqlite_where=sa.text("client_id IS NOT NULL"),
        postgresql_where=sa.text("client_id IS NOT NULL"),
    )
    op.create_index(
        "uq_policy_changes_firm",
        "policy_changes",
        ["firm_id", "jurisdiction", "name"],
        unique=True,
        sqlite_where=sa.text("client_id IS NULL"),
        postgresql_where=sa.text("client_id IS NULL"),
    )
    op.create_table(
        "tellings",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                "decision",
                "delay",
                name="news",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "how",
            sa.Enum(
                "notice",
                "call",
                "mail",
                "message",
                "meeting",
                name="way",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("round >= 1", name=op.f("ck_tellings_round_from_one")),
        sa.ForeignKeyConstraint(
            ["firm_id", "application_id"],
            ["applications.firm_id", "applications.id"],
            name=op.f("fk_tellings_firm_id_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "candidate_id"],
            ["candidates.firm_id", "candidates.id"],
            name=op.f("fk_tellings_firm_id_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_tellings_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tellings")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_tellings_firm_id_id")),
    )
    op.create_index("ix_tellings_application", "tellings", ["firm_id", "application_id", "round"], unique=False)
    op.create_index("ix_tellings_candidate", "tellings", ["firm_id", "candidate_id"], unique=False)
    op.create_table(
        "planned_erasures",
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "application_id"],
            ["applications.firm_id", "applications.id"],
            name=op.f("fk_planned_erasures_firm_id_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "candidate_id"],
            ["candidates.firm_id", "candidates.id"],
            name=op.f("fk_planned_erasures_firm_id_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firms.id"], name=op.f("fk_planned_erasures_firm_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_erasures")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_planned_erasures_firm_id_id")),
    )
    op.create_index(
        "ix_planned_erasures_candidate", "planned_erasures", ["firm_id", "candidate_id", "application_id"], unique=False
    )
    op.create_index("ix_planned_erasures_ends", "planned_erasures", ["firm_id", "ends_on", "id"], unique=False)
    op.create_table(
        "scorecards",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("interviewer", sa.String(), nullable=False),
        sa.Column("interviewer_role", sa.String(), nullable=False),
        sa.Column("moment", sa.String(), nullable=False),
        sa.Column("interviewed_on", sa.Date(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "application_id"],
            ["applications.firm_id", "applications.id"],
            name=op.f("fk_scorecards_firm_id_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "candidate_id"],
            ["candidates.firm_id", "candidates.id"],
            name=op.f("fk_scorecards_firm_id_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "created_by_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_scorecards_firm_id_created_by_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_scorecards_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecards")),
        sa.UniqueConstraint("firm_id", "external_id", name=op.f("uq_scorecards_firm_id_external_id")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_scorecards_firm_id_id")),
    )
    op.create_index("ix_scorecards_application", "scorecards", ["firm_id", "application_id"], unique=False)
    op.create_index("ix_scorecards_candidate", "scorecards", ["firm_id", "candidate_id"], unique=False)
    op.create_index("ix_scorecards_created", "scorecards", ["firm_id", "created_at", "id"], unique=False)
    op.create_table(
        "scorecard_notes",
        sa.Column("scorecard_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("is_shareable", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_scorecard_notes_one_to_five")),
        sa.ForeignKeyConstraint(
            ["firm_id", "scorecard_id"],
            ["scorecards.firm_id", "scorecards.id"],
            name=op.f("fk_scorecard_notes_firm_id_scorecard_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_scorecard_notes_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard_notes")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_scorecard_notes_firm_id_id")),
        sa.UniqueConstraint(
            "firm_id", "scorecard_id", "position", name=op.f("uq_scorecard_notes_firm_id_scorecard_id_position")
        ),
    )
    op.create_table(
        "earlier_notes",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("changed_by_id", sa.Uuid(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("is_shareable", sa.Boolean(), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "candidate_id"],
            ["candidates.firm_id", "candidates.id"],
            name=op.f("fk_earlier_notes_firm_id_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "changed_by_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_earlier_notes_firm_id_changed_by_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "note_id"],
            ["scorecard_notes.firm_id", "scorecard_notes.id"],
            name=op.f("fk_earlier_notes_firm_id_note_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_earlier_notes_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_notes")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_earlier_notes_firm_id_id")),
    )
    op.create_index("ix_earlier_notes_note", "earlier_notes", ["firm_id", "note_id"], unique=False)
    op.create_index("ix_earlier_notes_candidate", "earlier_notes", ["firm_id", "candidate_id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "rejection",
                "update",
                "role_closed",
                "correction",
                name="notice_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "held",
                "leaving",
                "sent",
                "withdrawn",
                "failed",
                name="notice_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("template_version_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("outcome_code", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("data", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("findings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("rules_version", sa.String(), nullable=True),
        sa.Column("sender_id", sa.Uuid(), nullable=True),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("timing", sa.String(), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_reason", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("read_by_id", sa.Uuid(), nullable=True),
        sa.Column("reading_note", sa.String(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "delivery",
            sa.Enum(
                "accepted",
                "bounced",
                "complained",
                name="delivery",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("problem_code", sa.String(), nullable=True),
        sa.Column("problem_detail", sa.String(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'correction') = (corrects_id IS NOT NULL)", name=op.f("ck_notices_correction_has_notice")
        ),
        sa.CheckConstraint(
            "(state = 'failed' OR coalesce(delivery, '') IN ('bounced', 'complained')) = (problem_code IS NOT NULL)",
            name=op.f("ck_notices_failed_has_problem"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_notices_version_from_one")),
        sa.CheckConstraint("asked_at IS NULL OR asked_by_id IS NOT NULL", name=op.f("ck_notices_asked_by_somebody")),
        sa.CheckConstraint("asked_by_id IS NULL OR asked_by_id <> read_by_id", name=op.f("ck_notices_read_by_another")),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_notices_sent_has_time")),
        sa.ForeignKeyConstraint(
            ["firm_id", "application_id"],
            ["applications.firm_id", "applications.id"],
            name=op.f("fk_notices_firm_id_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "candidate_id"],
            ["candidates.firm_id", "candidates.id"],
            name=op.f("fk_notices_firm_id_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "corrects_id"],
            ["notices.firm_id", "notices.id"],
            name=op.f("fk_notices_firm_id_corrects_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "message_id"],
            ["messages.firm_id", "messages.id"],
            name=op.f("fk_notices_firm_id_message_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "asked_by_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_notices_firm_id_asked_by_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "read_by_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_notices_firm_id_read_by_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "sender_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_notices_firm_id_sender_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "template_version_id"],
            ["template_versions.firm_id", "template_versions.id"],
            name=op.f("fk_notices_firm_id_template_version_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_notices_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_notices_firm_id_id")),
    )
    op.create_index("ix_notices_application", "notices", ["firm_id", "application_id"], unique=False)
    op.create_index("ix_notices_candidate", "notices", ["firm_id", "candidate_id"], unique=False)
    op.create_index("ix_notices_state", "notices", ["firm_id", "state", "leaves_at"], unique=False)
    op.create_index(
        "uq_notices_outcome",
        "notices",
        ["firm_id", "application_id", "round"],
        unique=True,
        sqlite_where=sa.text("kind IN ('rejection', 'role_closed') AND state IN ('held', 'leaving', 'sent')"),
        postgresql_where=sa.text("kind IN ('rejection', 'role_closed') AND state IN ('held', 'leaving', 'sent')"),
    )
    op.create_table(
        "contacts",
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "call",
                "mail",
                "message",
                "meeting",
                name="contact_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "direction",
            sa.Enum("inbound", "outbound", name="direction", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "spoke",
                "no_answer",
                "left_message",
                "sent",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column(
            "told",
            sa.Enum("decision", "delay", name="told", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "told IS NULL OR application_id IS NOT NULL", name=op.f("ck_contacts_told_about_an_application")
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "application_id"],
            ["applications.firm_id", "applications.id"],
            name=op.f("fk_contacts_firm_id_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "candidate_id"],
            ["candidates.firm_id", "candidates.id"],
            name=op.f("fk_contacts_firm_id_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "member_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_contacts_firm_id_member_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "notice_id"],
            ["notices.firm_id", "notices.id"],
            name=op.f("fk_contacts_firm_id_notice_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_contacts_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_contacts_firm_id_id")),
    )
    op.create_index("ix_contacts_candidate", "contacts", ["firm_id", "candidate_id", "happened_at"], unique=False)
    op.create_index("ix_contacts_created", "contacts", ["firm_id", "created_at", "id"], unique=False)
    op.create_index(
        "ix_contacts_inbound",
        "contacts",
        ["firm_id", "candidate_id", "happened_at"],
        unique=False,
        sqlite_where=sa.text("direction = 'inbound'"),
        postgresql_where=sa.text("direction = 'inbound'"),
    )
    op.create_table(
        "feedback_pages",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rated", sa.Boolean(), nullable=False),
        sa.Column("pool_choice", sa.String(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_feedback_pages_version_from_one")),
        sa.ForeignKeyConstraint(
            ["firm_id", "notice_id"],
            ["notices.firm_id", "notices.id"],
            name=op.f("fk_feedback_pages_firm_id_notice_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_feedback_pages_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_pages")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_feedback_pages_firm_id_id")),
        sa.UniqueConstraint("firm_id", "notice_id", name=op.f("uq_feedback_pages_firm_id_notice_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feedback_pages_token_hash")),
    )
    op.create_table(
        "feedback_points",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("strength", "gap", name="point_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("moment", sa.String(), nullable=False),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("requirement", sa.String(), nullable=False),
        sa.Column("suggestion", sa.String(), nullable=False),
        sa.Column("aim", sa.String(), nullable=False),
        sa.Column("resources", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "recruiter",
                "client_interviewer",
                "panel_summary",
                name="point_source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "confidence",
            sa.Enum(
                "one_source",
                "several_sources",
                name="confidence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("evidence", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("position BETWEEN 0 AND 2", name=op.f("ck_feedback_points_at_most_three")),
        sa.ForeignKeyConstraint(
            ["firm_id", "notice_id"],
            ["notices.firm_id", "notices.id"],
            name=op.f("fk_feedback_points_firm_id_notice_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_feedback_points_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_points")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_feedback_points_firm_id_id")),
        sa.UniqueConstraint(
            "firm_id", "notice_id", "kind", "position", name=op.f("uq_feedback_points_firm_id_notice_id_kind_position")
        ),
    )
    op.create_index("ix_feedback_points_criterion", "feedback_points", ["firm_id", "criterion"], unique=False)
    op.create_table(
        "reminders",
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "candidate_id"],
            ["candidates.firm_id", "candidates.id"],
            name=op.f("fk_reminders_firm_id_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "contact_id"],
            ["contacts.firm_id", "contacts.id"],
            name=op.f("fk_reminders_firm_id_contact_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "member_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_reminders_firm_id_member_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_reminders_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_reminders_firm_id_id")),
    )
    op.create_index("ix_reminders_candidate", "reminders", ["firm_id", "candidate_id"], unique=False)
    op.create_index(
        "ix_reminders_open",
        "reminders",
        ["firm_id", "due_on"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "responses",
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("point_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "thanks",
                "question",
                "point",
                "call",
                name="response_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("disagrees", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'point') = (point_id IS NOT NULL)", name=op.f("ck_responses_point_is_named")),
        sa.ForeignKeyConstraint(
            ["firm_id", "application_id"],
            ["applications.firm_id", "applications.id"],
            name=op.f("fk_responses_firm_id_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "candidate_id"],
            ["candidates.firm_id", "candidates.id"],
            name=op.f("fk_responses_firm_id_candidate_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "notice_id"],
            ["notices.firm_id", "notices.id"],
            name=op.f("fk_responses_firm_id_notice_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "point_id"],
            ["feedback_points.firm_id", "feedback_points.id"],
            name=op.f("fk_responses_firm_id_point_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_responses_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responses")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_responses_firm_id_id")),
    )
    op.create_index("ix_responses_candidate", "responses", ["firm_id", "candidate_id"], unique=False)
    op.create_index("ix_responses_created", "responses", ["firm_id", "created_at", "id"], unique=False)
    op.create_index("ix_responses_notice", "responses", ["firm_id", "notice_id", "created_at"], unique=False)
    op.create_index(
        "uq_responses_thanks",
        "responses",
        ["firm_id", "notice_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'thanks' AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("kind = 'thanks' AND withdrawn_at IS NULL"),
    )
    op.create_table(
        "answers",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "corrected",
                "noted",
                "kept",
                name="answer_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("findings", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("rules_version", sa.String(), nullable=False),
        sa.Column("read_by_id", sa.Uuid(), nullable=True),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("member_id <> read_by_id", name=op.f("ck_answers_read_by_another")),
        sa.ForeignKeyConstraint(
            ["firm_id", "read_by_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_answers_firm_id_read_by_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "member_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_answers_firm_id_member_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "message_id"],
            ["messages.firm_id", "messages.id"],
            name=op.f("fk_answers_firm_id_message_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "response_id"],
            ["responses.firm_id", "responses.id"],
            name=op.f("fk_answers_firm_id_response_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_answers_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_answers_firm_id_id")),
        sa.UniqueConstraint("firm_id", "response_id", name=op.f("uq_answers_firm_id_response_id")),
    )
    op.create_table(
        "reply_drafts",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "corrected",
                "noted",
                "kept",
                name="answer_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("override_reason", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reading_note", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("firm_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id", "member_id"],
            ["members.firm_id", "members.id"],
            name=op.f("fk_reply_drafts_firm_id_member_id"),
            ondelete="NO ACTION",
        ),
        sa.ForeignKeyConstraint(
            ["firm_id", "response_id"],
            ["responses.firm_id", "responses.id"],
            name=op.f("fk_reply_drafts_firm_id_response_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["firm_id"], ["firms.id"], name=op.f("fk_reply_drafts_firm_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_drafts")),
        sa.UniqueConstraint("firm_id", "id", name=op.f("uq_reply_drafts_firm_id_id")),
        sa.UniqueConstraint("firm_id", "response_id", name=op.f("uq_reply_drafts_firm_id_response_id")),
    )
    _keep_the_log()
    _index_words()
    if op.get_bind().dialect.name == "postgresql":
        _protect()
        _open_doors()
        _count_over_firms()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _close_doors()
    _unindex_words()
    op.drop_table("reply_drafts")
    op.drop_table("answers")
    op.drop_index(
        "uq_responses_thanks",
        table_name="responses",
        sqlite_where=sa.text("kind = 'thanks' AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("kind = 'thanks' AND withdrawn_at IS NULL"),
    )
    op.drop_index("ix_responses_notice", table_name="responses")
    op.drop_index("ix_responses_created", table_name="responses")
    op.drop_index("ix_responses_candidate", table_name="responses")
    op.drop_table("responses")
    op.drop_index(
        "ix_reminders_open",
        table_name="reminders",
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.drop_index("ix_reminders_candidate", table_name="reminders")
    op.drop_table("reminders")
    op.drop_index("ix_feedback_points_criterion", table_name="feedback_points")
    op.drop_table("feedback_points")
    op.drop_table("feedback_pages")
    op.drop_index(
        "ix_contacts_inbound",
        table_name="contacts",
        sqlite_where=sa.text("direction = 'inbound'"),
        postgresql_where=sa.text("direction = 'inbound'"),
    )
    op.drop_index("ix_contacts_created", table_name="contacts")
    op.drop_index("ix_contacts_candidate", table_name="contacts")
    op.drop_table("contacts")
    op.drop_index(
        "uq_notices_outcome",
        table_name="notices",
        sqlite_where=sa.text("kind IN ('rejection', 'role_closed') AND state IN ('held', 'leaving', 'sent')"),
        postgresql_where=sa.text("kind IN ('rejection', 'role_closed') AND state IN ('held', 'leaving', 'sent')"),
    )
    op.drop_index("ix_notices_state", table_name="notices")
    op.drop_index("ix_notices_candidate", table_name="notices")
    op.drop_index("ix_notices_application", table_name="notices")
    op.drop_table("notices")
    op.drop_index("ix_earlier_notes_candidate", table_name="earlier_notes")
    op.drop_index("ix_earlier_notes_note", table_name="earlier_notes")
    op.drop_table("earlier_notes")
    op.drop_table("scorecard_notes")
    op.drop_index("ix_scorecards_created", table_name="scorecards")
    op.drop_index("ix_scorecards_candidate", table_name="scorecards")
    op.drop_index("ix_scorecards_application", table_name="scorecards")
    op.drop_table("scorecards")
    op.drop_index("ix_planned_erasures_ends", table_name="planned_erasures")
    op.drop_index("ix_planned_erasures_candidate", table_name="planned_erasures")
    op.drop_table("planned_erasures")
    op.drop_index("ix_tellings_candidate", table_name="tellings")
    op.drop_index("ix_tellings_application", table_name="tellings")
    op.drop_table("tellings")
    op.drop_index(
        "uq_policy_changes_firm",
        table_name="policy_changes",
        sqlite_where=sa.text("client_id IS NULL"),
        postgresql_where=sa.text("client_id IS NULL"),
    )
    op.drop_index(
        "uq_policy_changes_client",
        table_name="policy_changes",
        sqlite_where=sa.text("client_id IS NOT NULL"),
        postgresql_where=sa.text("client_id IS NOT NULL"),
    )
    op.drop_table("policy_changes")
    op.drop_table("requirements")
    op.drop_index("ix_pool_invitations_candidate", table_name="pool_invitations")
    op.drop_table("pool_invitations")
    op.drop_index(
        "ix_attempts_verdict",
        table_name="attempts",
        sqlite_where=sa.text("verdict IS NOT NULL"),
        postgresql_where=sa.text("verdict IS NOT NULL"),
    )
    op.drop_table("attempts")
    op.drop_index(
        "uq_applications_open",
        table_name="applications",
        sqlite_where=sa.text("decision IS NULL"),
        postgresql_where=sa.text("decision IS NULL"),
    )
    op.drop_index(
        "ix_applications_told",
        table_name="applications",
        sqlite_where=sa.text("told_at IS NOT NULL"),
        postgresql_where=sa.text("told_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_applications_waiting",
        table_name="applications",
        sqlite_where=sa.text("told_at IS NULL"),
        postgresql_where=sa.text("told_at IS NULL"),
    )
    op.drop_index("ix_applications_job", table_name="applications")
    op.drop_index("ix_applications_created", table_name="applications")
    op.drop_index("ix_applications_candidate", table_name="applications")
    op.drop_index("ix_applications_ats_reason", table_name="applications")
    op.drop_index(
        "ix_applications_unmapped",
        table_name="applications",
        sqlite_where=sa.text(UNMAPPED),
        postgresql_where=sa.text(UNMAPPED),
    )
    op.drop_table("applications")
    op.drop_table("ats_reasons")
    op.drop_index("ix_resources_due", table_name="resources")
    op.drop_table("resources")
    op.drop_table("webhook_tries")
    op.drop_index("ix_webhook_deliveries_log", table_name="webhook_deliveries")
    op.drop_index("ix_webhook_deliveries_event", table_name="webhook_deliveries")
    op.drop_index(
        "ix_webhook_deliveries_due",
        table_name="webhook_deliveries",
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.drop_table("webhook_deliveries")
    op.drop_table("template_versions")
    op.drop_table("search_documents")
    op.drop_table("inbound_mails")
    op.drop_index("ix_messages_subject", table_name="messages")
    op.drop_index(
        "ix_messages_due",
        table_name="messages",
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.drop_index("ix_messages_candidate", table_name="messages")
    op.drop_table("messages")
    op.drop_index(
        "uq_memberships_open",
        table_name="memberships",
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.drop_index("ix_memberships_ends", table_name="memberships")
    op.drop_index("ix_memberships_created", table_name="memberships")
    op.drop_table("memberships")
    op.drop_table("member_invitations")
    op.drop_index("ix_jobs_title", table_name="jobs")
    op.drop_index(
        "ix_jobs_region",
        table_name="jobs",
        sqlite_where=sa.text("region IS NOT NULL"),
        postgresql_where=sa.text("region IS NOT NULL"),
    )
    op.drop_index("ix_jobs_created", table_name="jobs")
    op.drop_table("jobs")
    op.drop_index(
        "uq_import_runs_file",
        table_name="import_runs",
        sqlite_where=sa.text("state IN ('waiting', 'running', 'done')"),
        postgresql_where=sa.text("state IN ('waiting', 'running', 'done')"),
    )
    op.drop_table("import_runs")
    op.drop_index("ix_desk_marks_candidate", table_name="desk_marks")
    op.drop_table("desk_marks")
    op.drop_index("ix_candidate_skills_name", table_name="candidate_skills")
    op.drop_table("candidate_skills")
    op.drop_index("ix_candidate_emails_candidate", table_name="candidate_emails")
    op.drop_table("candidate_emails")
    op.drop_table("api_keys")
    op.drop_index("ix_webhook_events_occurred", table_name="webhook_events")
    op.drop_table("webhook_events")
    op.drop_table("webhook_endpoints")
    op.drop_table("templates")
    op.drop_index(
        "uq_mail_stops_open",
        table_name="mail_stops",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("mail_stops")
    op.drop_table("installation_notes")
    op.drop_index("ix_suppressions_address", table_name="suppressions")
    op.drop_table("suppressions")
    op.drop_index("ix_receipts_created", table_name="receipts")
    op.drop_table("receipts")
    op.drop_index("ix_ratings_month", table_name="ratings")
    op.drop_table("replaced_links")
    op.drop_index("ix_finding_choices_rule", table_name="finding_choices")
    op.drop_table("finding_choices")
    op.drop_table("ratings")
    op.drop_table("competency_lists")
    op.drop_table("members")
    op.drop_table("clients")
    op.drop_index("ix_candidates_name", table_name="candidates")
    op.drop_index("ix_candidates_location", table_name="candidates")
    op.drop_index("ix_candidates_created", table_name="candidates")
    op.drop_table("candidates")
    op.drop_table("audit_seals")
    op.drop_index("ix_audit_entries_subject", table_name="audit_entries")
    op.drop_index("ix_audit_entries_candidate", table_name="audit_entries")
    op.drop_table("audit_entries")
    op.drop_table("sign_in_counters")
    op.drop_table("mailboxes")
    op.drop_table("firms")
