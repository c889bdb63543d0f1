"""What a WSGI server runs: `gunicorn wsgi:app`, and `flask --app wsgi` for commands."""

from marketplace.app import create_app

app = create_app()
