"""Commands for operators: `marketplace jobs work`, or `flask --app wsgi jobs work`."""
