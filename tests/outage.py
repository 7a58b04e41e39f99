"""A database that goes away in the middle of what somebody does."""

import contextlib

import sqlalchemy as sa


@contextlib.contextmanager
def at(engine, words):
    """While the block lasts, the line to the database is lost to whoever says these words to it."""

    def lose(_connection, _cursor, statement, *_):
        if words in statement:
            raise sa.exc.OperationalError(statement, None, OSError("the line was lost"))

    sa.event.listen(engine, "before_cursor_execute", lose)
    try:
        yield
    finally:
        sa.event.remove(engine, "before_cursor_execute", lose)
