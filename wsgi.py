"""What a WSGI server runs: `gunicorn wsgi:app`, and `flask --app wsgi` for commands."""

from marketplace.app import create_app, require_schema

app = create_app()
require_schema(app)
