"""All settings, from the environment; docs/operators.md lists the variables.

Without DATABASE_URL and BROKER_URL the embedded servers of `tracker.embedded` are used, and only then are the
conveniences of a first look (DEBUG, a key made on this machine) allowed: what is unsafe when forgotten fails instead.
"""

import hashlib
import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from pledges.domain.languages import ENGLISH_NAMES
from tracker import embedded

BASE_DIR = Path(__file__).resolve().parent.parent


def env_bool(name: str, default: bool = False) -> bool:
    """A yes/no environment variable: 1, true, yes, on (any case) are yes; unset or empty is the default."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")


def env_list(name: str, default: str = "") -> list[str]:
    """A comma-separated environment variable as a list without empty entries."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


EMBEDDED = not os.environ.get("DATABASE_URL")
DEBUG = env_bool("DEBUG", False)

# --- keys and hosts -------------------------------------------------------------------------------------------------
if os.environ.get("SECRET_KEY"):
    SECRET_KEY = os.environ["SECRET_KEY"]
elif EMBEDDED:
    SECRET_KEY = embedded.secret_key()
else:
    raise ImproperlyConfigured("Set SECRET_KEY: any long random text that stays the same and is kept secret.")

# The public address, for example https://pledges.example.org: host and scheme follow from it unless they are given.
SITE_URL = os.environ.get("SITE_URL", "").rstrip("/")
ALLOWED_HOSTS = env_list(
    "ALLOWED_HOSTS", urlsplit(SITE_URL).hostname or ("localhost,127.0.0.1,[::1]" if EMBEDDED else "")
)
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
if not ALLOWED_HOSTS and not DEBUG:
    raise ImproperlyConfigured(
        "Set SITE_URL to the public address of this tracker, such as https://pledges.example.org."
    )

# --- applications ---------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "pledges.apps.PledgesConfig",
    "pledges.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "template_partials.apps.SimpleAppConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    # After the check against forgery, which comes before forms are parsed.
    "pledges.site.shared.typed_text.TypedTextMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "pledges.accounts.allauth_adapters.SecondFactorMiddleware",
    "pledges.accounts.allauth_adapters.LastSeenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "tracker.template_loader.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "pledges.site.shared.page_cache.context",
                "pledges.accounts.allauth_adapters.context",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["template_partials.templatetags.partials", "pledges.templatetags.pledges"],
        },
    }
]

# --- database, broker, cache ----------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or embedded.database_url(), conn_max_age=60, conn_health_checks=True
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The role that web and workers connect as; `prepare_database` makes it and grants it what it may do, and no more.
APP_DATABASE_ROLE = os.environ.get("APP_DATABASE_ROLE", "tracker_app")

BROKER_URL = os.environ.get("BROKER_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ.get("CACHE_URL") or BROKER_URL or embedded.cache_url(),
        "KEY_PREFIX": "tracker",
    }
}

CELERY_BROKER_URL = BROKER_URL or embedded.broker_url()
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000  # kB: after a burst of large answers a process is replaced
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Two workers, each with queues of its own (docker-compose.yml, tracker/run.py). The watch reads what strangers send and
# may be held up by it, so what has to go out on time never shares a process with it. A task that has no route is the
# watch's. A worker takes from the first of its queues, by name, that has something: pages, which are many, keep nothing
# else waiting for longer than a short turn.
WATCH_QUEUES, PUBLISHING_QUEUES = ["feeds", "jobs", "pages"], ["mail", "publication"]
CELERY_TASK_QUEUES = [Queue(name) for name in (*WATCH_QUEUES, *PUBLISHING_QUEUES)]
CELERY_TASK_DEFAULT_QUEUE = "jobs"
CELERY_TASK_ROUTES = {
    "pledges.tasks.poll": {"queue": "feeds"},
    "pledges.tasks.find_source": {"queue": "feeds"},  # somebody waits for it
    "pledges.tasks.read_source*": {"queue": "feeds"},
    "pledges.tasks.read_article*": {"queue": "pages"},
    "pledges.tasks.publish_scheduled": {"queue": "publication"},
    "pledges.tasks.send_*": {"queue": "mail"},
    "pledges.tasks.drop_alerts": {"queue": "mail"},
    "pledges.tasks.tell_editors": {"queue": "mail"},
}
# A message that cannot be sent is given up soon: beat says the same again.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2}
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "queue_order_strategy": "sorted"}
CELERY_TIMEZONE = "UTC"
# A message is only "look": one that waited longer than its period has been replaced by the next.
CELERY_BEAT_SCHEDULE = {
    "poll": {"task": "pledges.tasks.poll", "schedule": 60.0, "options": {"expires": 55}},
}
CELERY_BEAT_SCHEDULE |= {
    "keep-evidence": {"task": "pledges.tasks.keep_evidence", "schedule": 180.0, "options": {"expires": 170}},
    "publish-scheduled": {"task": "pledges.tasks.publish_scheduled", "schedule": 60.0, "options": {"expires": 55}},
    "archive-evidence": {"task": "pledges.tasks.archive_evidence", "schedule": 120.0, "options": {"expires": 110}},
    "drop-lookups": {
        "task": "pledges.tasks.drop_lookups",
        "schedule": crontab(minute=35),
        "options": {"expires": 3000},
    },
    "drop-unused": {
        "task": "pledges.tasks.drop_unused",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 43_200},
    },
    "look-twice": {"task": "pledges.tasks.look_twice_at_lost", "schedule": 300.0, "options": {"expires": 290}},
    "send-notices": {"task": "pledges.tasks.send_notices", "schedule": 120.0, "options": {"expires": 110}},
    "send-alerts": {"task": "pledges.tasks.send_alerts", "schedule": 60.0, "options": {"expires": 55}},
    "drop-alerts": {
        "task": "pledges.tasks.drop_alerts",
        "schedule": crontab(minute=50),
        "options": {"expires": 3000},
    },
    "measure-the-watch": {
        "task": "pledges.tasks.measure_watch",
        "schedule": crontab(hour=8, minute=40),  # UTC: night in the Americas
        "options": {"expires": 6 * 3600},
    },
    "tell-editors": {
        "task": "pledges.tasks.tell_editors",
        "schedule": crontab(minute=20),
        "options": {"expires": 3000},
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = os.environ.get("BEAT_SCHEDULE_FILE", str(embedded.STATE_DIR / "beat-schedule"))

# --- the watch ------------------------------------------------------------------------------------------------------
CONTACT_EMAIL = os.environ.get("CONTACT_EMAIL", "")
# The digest to editors goes out by this server: smtp://user:password@host:587 (STARTTLS) or smtps://…:465. Unset: it is
# only shown at the desk.
_email = urlsplit(os.environ.get("EMAIL_URL", ""))
if _email.scheme not in {"", "smtp", "smtps"}:
    raise ImproperlyConfigured("EMAIL_URL must begin with smtp:// or smtps://.")
EMAIL_HOST = _email.hostname or ""
EMAIL_USE_SSL = _email.scheme == "smtps"
EMAIL_PORT = _email.port or (465 if EMAIL_USE_SSL else 587)
EMAIL_USE_TLS = not EMAIL_USE_SSL and EMAIL_PORT != 25  # 25 is a relay of one's own
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_email.username or ""), unquote(_email.password or "")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM") or CONTACT_EMAIL or "pledge-tracker@localhost"
WATCH_USER_AGENT = "PledgeTracker/1.0 (+{}; news watch of a pledge tracker)".format(
    ", ".join(filter(None, [SITE_URL, CONTACT_EMAIL])) or "no public address set"
)
# The origin under which this very site serves the sample newswire, for example http://127.0.0.1:8000. Only `make run`
# (and whoever wants a demonstration) sets it: it is also the one private address that the fetch guard lets through.
SAMPLE_NEWSWIRE = os.environ.get("SAMPLE_NEWSWIRE", "").rstrip("/")
if SAMPLE_NEWSWIRE and (newswire_host := urlsplit(SAMPLE_NEWSWIRE).hostname):
    ALLOWED_HOSTS.append(newswire_host)
# Exact origins inside that the watch may read, for benches and tests: http://127.0.0.1:8001. Empty in production.
WATCH_ALLOWED_ORIGINS = env_list("WATCH_ALLOWED_ORIGINS")
# Between two requests to one host; its robots.txt may ask for more.
WATCH_HOST_DELAY_SECONDS = float(os.environ.get("WATCH_HOST_DELAY_SECONDS") or 1)
# How long one address may take in all, its redirects included.
WATCH_FETCH_SECONDS = float(os.environ.get("WATCH_FETCH_SECONDS") or 30)
# Longer than a source or page may take, so that a claim outlives its worker only when that was killed.
WATCH_CLAIM_SECONDS = int(os.environ.get("WATCH_CLAIM_SECONDS") or 180)

# --- evidence that stays --------------------------------------------------------------------------------------------
# Whether the links of published evidence are handed to the Wayback Machine (Save Page Now), and with which keys
# ("access:secret", from archive.org/account/s3.php): with keys it takes more, and says better what went wrong.
WAYBACK = env_bool("WAYBACK", False)
WAYBACK_KEYS = os.environ.get("WAYBACK_KEYS", "").strip()
WAYBACK_HOME = "https://web.archive.org"
if WAYBACK_KEYS and not all(WAYBACK_KEYS.partition(":")):
    raise ImproperlyConfigured("WAYBACK_KEYS must be the access key and the secret, with a colon between.")
# The texts of articles that no pledge was found in are dropped after so many days; 0 keeps them for ever.
KEEP_UNUSED_DAYS = int(os.environ.get("KEEP_UNUSED_DAYS") or 90)
# Second looks (docs/watch-learning.md), both off: a folder with model.onnx and tokenizer.json, and the address (…/v1),
# model and key of an OpenAI-compatible endpoint.
ONNX_MODEL_DIR = os.environ.get("ONNX_MODEL_DIR", "")
OPINION_URL = os.environ.get("OPINION_URL", "")
OPINION_MODEL = os.environ.get("OPINION_MODEL", "")
OPINION_KEY = os.environ.get("OPINION_KEY", "")

# --- languages and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = os.environ.get("LANGUAGE_CODE", "en")
LANGUAGES = [(code, _(name)) for code, name in ENGLISH_NAMES.items()]
LOCALE_PATHS = [BASE_DIR / "pledges" / "locale"]
FORMAT_MODULE_PATH = "pledges.locale"
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("TIME_ZONE", "America/Guayaquil")

# --- static files ---------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
# Compressed for the way to the reader, which takes six seconds; `make run` has no such way.
COMPRESS_STATIC = env_bool("COMPRESS_STATIC", True)
_manifest = "whitenoise.storage.Compressed" if COMPRESS_STATIC else "django.contrib.staticfiles.storage."
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": f"{_manifest}ManifestStaticFilesStorage"},
}


def _release() -> str:
    """A name for the code as it is: cached pages of another release are not shown."""
    files = [path for folder in ("templates", "static", "pledges") for path in (BASE_DIR / folder).rglob("*.*")]
    newest = sorted(
        (str(path), path.stat().st_mtime_ns) for path in files if path.suffix in {".html", ".py", ".css", ".mo"}
    )
    return hashlib.sha256(repr(newest).encode()).hexdigest()[:10]


RELEASE = _release()

# --- uploads --------------------------------------------------------------------------------------------------------
# Of a form without its files. A text of four times the length that may be pasted still gets the form's own sentence.
# Files have the limits of their forms, and the proxy's (Caddyfile) is above them all.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000

# --- safety ---------------------------------------------------------------------------------------------------------
HTTPS = env_bool("HTTPS", SITE_URL.startswith("https:") if SITE_URL else not EMBEDDED)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^newswire/"]  # asked from inside, without the proxy
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_USER_MODEL = "pledges.User"

# --- accounts at the desk (docs/desk-accounts.md) -----------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]  # by user name or e-mail
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "admin:index"
# Whoever may open the desk has to set up a second factor before anything else of it opens.
REQUIRE_TWO_FACTORS = env_bool("REQUIRE_TWO_FACTORS", False)
# How many proxies stand before this application, each of which writes X-Forwarded-For; with 0 the header is not read.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES") or 0)
ACCOUNT_ADAPTER = "pledges.accounts.allauth_adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]  # nobody signs up: the adapter says so
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = bool(EMAIL_HOST)
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
# Django's own follows User.email alone; allauth's would keep a person's former addresses good for a reset.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
# In the cache. For each address, for each account (user) and for each name that is typed (key), whoever types it.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    # Readers' alerts: requests from a network, and mails that anybody asks for to one address.
    "alert": "6/m/ip,60/d/ip",
    "alert_address": "3/d/key",
    "refused_form": "10/m/ip",  # a form sent after its session had ended, kept until its person logs in
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are made at the desk: nobody owns one before having its link
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # which browsers allow on localhost only
MFA_TOTP_TOLERANCE = 1  # steps of half a minute: clocks differ
USERSESSIONS_TRACK_ACTIVITY = True
USERSESSIONS_ADAPTER = "pledges.accounts.allauth_adapters.SessionsAdapter"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    # A line for each task received and done says nothing that the tasks do not say better themselves.
    "loggers": {name: {"level": "WARNING"} for name in ("celery.app.trace", "celery.worker.strategy")},
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
