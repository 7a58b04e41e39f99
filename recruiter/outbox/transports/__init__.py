"""The ways out: a relay over SMTP, or files in a directory."""
