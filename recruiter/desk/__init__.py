"""Pages that show several features: Today, Candidates, the record, Outbox."""
