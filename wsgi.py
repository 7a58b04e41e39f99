"""The application for a WSGI server of your own choice, with the settings of the environment."""

from recruiter import config, logs
from recruiter.app import create_app
from recruiter.engine import chosen

settings = config.Settings.from_environ()
logs.configure(settings.log_level)
app = create_app(settings)
chosen.of(app).attend()
