"""Names of what work needs, offered while a criterion is typed; a job's own requirements come first."""

import enum
from collections.abc import Mapping


class Family(enum.StrEnum):
    """Jobs that ask for much the same; ``general`` is what every job may ask for."""

    GENERAL = "general"
    OFFICE = "office"
    FINANCE = "finance"
    ENGINEERING = "engineering"
    SALES = "sales"
    SERVICE = "service"
    CARE = "care"
    TRADES = "trades"
    MANAGEMENT = "management"

    @property
    def label(self) -> str:
        """The words on pages."""
        return _LABELS[self]


_LABELS = {
    Family.GENERAL: "Any job",
    Family.OFFICE: "Office and admin",
    Family.FINANCE: "Finance and payroll",
    Family.ENGINEERING: "IT and engineering",
    Family.SALES: "Sales and account work",
    Family.SERVICE: "Customer service",
    Family.CARE: "Health and care",
    Family.TRADES: "Warehouse, driving, trades",
    Family.MANAGEMENT: "Management",
}

Catalogue = Mapping[Family, tuple[str, ...]]

# What every firm begins with, and may change for itself.
SEED: Catalogue = {
    Family.GENERAL: (
        "Listening and questions",
        "Spoken explanation",
        "Writing",
        "Teamwork",
        "Customer care",
        "Planning and time",
        "Accuracy",
        "Problem solving",
        "Numbers and data",
        "Learning new things",
        "Digital tools",
        "Safety and rules",
        "Ownership and follow-through",
        "Handling pressure",
        "Working with change",
        "Leading others",
    ),
    Family.OFFICE: (
        "Diary and travel",
        "Minutes",
        "Document control",
        "Records",
        "Phone handling",
        "Systems entry",
    ),
    Family.FINANCE: (
        "Payroll cycle",
        "Reconciliations",
        "Tax and pension rules",
        "Month end",
        "Controls and audit",
        "Spreadsheets",
    ),
    Family.ENGINEERING: (
        "Coding task",
        "Testing",
        "System design",
        "Debugging",
        "Security basics",
        "Explaining trade-offs",
    ),
    Family.SALES: (
        "Discovery questions",
        "Pipeline discipline",
        "Handling objections",
        "Closing a next step",
        "Product knowledge",
        "Forecasting",
    ),
    Family.SERVICE: (
        "Call structure",
        "Calm in complaints",
        "Accuracy of notes",
        "Policy knowledge",
        "Multi-channel work",
        "First-contact fix",
    ),
    Family.CARE: (
        "Person-centred care",
        "Infection control",
        "Medicines knowledge",
        "Record keeping",
        "Safeguarding",
        "Handover",
    ),
    Family.TRADES: (
        "Equipment licence",
        "Load and route planning",
        "Site safety",
        "Quality checks",
        "Shift handover",
        "Stock accuracy",
    ),
    Family.MANAGEMENT: (
        "Setting goals",
        "Coaching",
        "Budget",
        "Decisions with limited data",
        "Stakeholder updates",
        "Hiring and feedback",
    ),
}
