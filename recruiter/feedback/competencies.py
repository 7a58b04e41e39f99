"""Names of what work needs anywhere, offered while a criterion is typed; a job's own requirements come first."""

GENERAL = (
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
)
