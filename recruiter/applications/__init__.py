"""One candidate for one job: stage, promise, decision."""
