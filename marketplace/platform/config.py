"""Settings, read from the environment once and checked before anything is served."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = ("development", "test", "production")
DEVELOPMENT_SECRET = "only for development, never for real people"  # noqa: S105 - refused below
SECRET_MIN_LENGTH = 32


class ConfigurationError(Exception):
    """A setting that makes it unsafe or impossible to start. The text is for the operator."""


@dataclass(frozen=True)
class Settings:
    """How this process runs. Every field has a variable of the same name in capitals.

    Attributes:
        app_env: "development", "test" or "production".
        secret_key: signs sessions and links; at least 32 characters in production.
        database_url: where the role `app_rw` finds the database; empty until something
            (the supervisor, a test) has started one.
        database_owner_url: the same database as `app_owner`, for migrations.
        var_dir: what the marketplace writes: database, uploads, logs, outbox.
        host: the address the web server listens on.
        port: its port.
        base_url: how the outside world writes our address, without a slash at the end.
        market_name: what the market calls itself.
        mail_from: sender of our mails.
        mail_host: SMTP server; empty: mails stay in the outbox.
        mail_port: its port.
        mail_user: name to log in with, if any.
        mail_password: its password.
        debug: Flask's debugger; never in production.
        allow_embedded: production may run on the embedded server.
        web_workers: how many web processes.
        web_threads: how many requests each answers at once.
        proxies: how many proxies of ours stand in front and write X-Forwarded-For.
        shelf_seconds: how old the lists and counts of the storefront may be before they are read
            anew beside the pages (`kept.py`); 0: they are read for every page.
        hold_minutes: how long goods are kept for somebody who pays by transfer, 5 to 1,440. Most
            transfers arrive within a minute; half an hour leaves time to find the telephone, the
            banking app and its password.
        require_second_factor: whoever touches money opens their desk only with a second factor;
            on in production unless said otherwise.
        payout_hold_hours: how long payouts to a new bank account wait unless a second person has
            confirmed it, 0 to 720.
        upload_quota_mb: how much an organisation may have uploaded, in MiB, 10 to 1,000,000.
    """

    app_env: str = "development"
    secret_key: str = DEVELOPMENT_SECRET
    database_url: str = ""
    database_owner_url: str = ""
    var_dir: Path = ROOT / "var"
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"
    market_name: str = "Chợ Mùa"
    mail_from: str = "Chợ Mùa <khong-tra-loi@chomua.example>"
    mail_host: str = ""
    mail_port: int = 25
    mail_user: str = ""
    mail_password: str = ""
    debug: bool = False
    allow_embedded: bool = False
    web_workers: int = 2
    web_threads: int = 4
    proxies: int = 0
    shelf_seconds: int = 5
    hold_minutes: int = 30
    require_second_factor: bool = False
    payout_hold_hours: int = 24
    upload_quota_mb: int = 2048

    @property
    def is_production(self) -> bool:
        """Whether real people depend on this process."""
        return self.app_env == "production"

    @property
    def media_dir(self) -> Path:
        """Where uploaded files and their variants are kept."""
        return self.var_dir / "media"

    @property
    def database_dir(self) -> Path:
        """Where the embedded server keeps its data."""
        return self.var_dir / "pg"

    def check(self) -> None:
        """Refuse what must not go live.

        Raises:
            ConfigurationError: with one sentence for the operator.
        """
        if self.app_env not in ENVIRONMENTS:
            raise ConfigurationError(f"APP_ENV must be one of {', '.join(ENVIRONMENTS)}.")
        if not self.is_production:
            return
        if self.secret_key == DEVELOPMENT_SECRET or len(self.secret_key) < SECRET_MIN_LENGTH:
            raise ConfigurationError(
                f"Production needs a SECRET_KEY of its own, {SECRET_MIN_LENGTH} characters or more."
            )
        if self.debug:
            raise ConfigurationError("Production does not run with debug on: unset FLASK_DEBUG.")
        if not self.base_url.startswith("https://"):
            raise ConfigurationError("Production needs BASE_URL, the https:// address people use.")


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings that the environment (by default the process's own) asks for.

    Raises:
        ConfigurationError: a value that is not one, such as a port that is no number.
    """
    given = os.environ if environment is None else environment
    default = Settings()
    host = given.get("HOST") or default.host
    app_env = given.get("APP_ENV") or default.app_env
    port = _number(given, "PORT", default.port, 2**16 - 1)
    return Settings(
        app_env=app_env,
        secret_key=given.get("SECRET_KEY") or default.secret_key,
        database_url=given.get("DATABASE_URL", ""),
        database_owner_url=given.get("DATABASE_OWNER_URL", ""),
        var_dir=Path(given.get("VAR_DIR") or default.var_dir).absolute(),
        host=host,
        port=port,
        base_url=(given.get("BASE_URL") or f"http://{_reachable(host)}:{port}").rstrip("/"),
        market_name=given.get("MARKET_NAME") or default.market_name,
        mail_from=given.get("MAIL_FROM") or default.mail_from,
        mail_host=given.get("MAIL_HOST", ""),
        mail_port=_number(given, "MAIL_PORT", default.mail_port, 2**16 - 1),
        mail_user=given.get("MAIL_USER", ""),
        mail_password=given.get("MAIL_PASSWORD", ""),
        debug=given.get("FLASK_DEBUG", "").lower() in {"1", "true", "yes", "on"},
        allow_embedded=given.get("ALLOW_EMBEDDED_DATABASE", "").lower() in {"1", "true", "yes"},
        web_workers=_number(given, "WEB_WORKERS", default.web_workers, 64),
        web_threads=_number(given, "WEB_THREADS", default.web_threads, 64),
        proxies=_number(given, "PROXIES", default.proxies, 8, least=0),
        shelf_seconds=_number(given, "SHELF_SECONDS", default.shelf_seconds, 3600, least=0),
        hold_minutes=_number(given, "HOLD_MINUTES", default.hold_minutes, 24 * 60, least=5),
        require_second_factor=_yes(given, "REQUIRE_SECOND_FACTOR", app_env == "production"),
        payout_hold_hours=_number(
            given, "PAYOUT_HOLD_HOURS", default.payout_hold_hours, 720, least=0
        ),
        upload_quota_mb=_number(
            given, "UPLOAD_QUOTA_MB", default.upload_quota_mb, 1_000_000, least=10
        ),
    )


_current: Settings | None = None


def use_settings(settings: Settings) -> None:
    """Make `settings` the process's own; the composition root calls it once."""
    global _current  # noqa: PLW0603 - set at start, read ever after
    _current = settings


def current_settings() -> Settings:
    """The settings of this process."""
    if _current is None:
        use_settings(read_settings())
    assert _current is not None  # noqa: S101 - set one line above
    return _current


def _number(given: Mapping[str, str], name: str, default: int, most: int, *, least: int = 1) -> int:
    text = given.get(name) or str(default)
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ConfigurationError(f"{name} must be a number from {least} to {most}, not {text!r}.")
    return int(text)


def _yes(given: Mapping[str, str], name: str, default: bool) -> bool:  # noqa: FBT001 - a setting
    text = (given.get(name) or ("yes" if default else "no")).lower()
    if text not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise ConfigurationError(f"{name} must be yes or no, not {text!r}.")
    return text in {"1", "true", "yes", "on"}


def _reachable(host: str) -> str:
    """An address to click on: 0.0.0.0 listens everywhere but leads nowhere."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
