"""People who agreed to be kept: memberships, search, match, invitations."""
