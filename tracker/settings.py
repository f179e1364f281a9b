"""All settings, from the environment; docs/operators.md lists the variables.

Without DATABASE_URL and BROKER_URL the embedded servers of `tracker.embedded` are used, and only then are insecure
defaults allowed (a key generated on this machine). In production a missing setting is an error.
"""

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from pledges.domain.languages import ENGLISH_NAMES
from tracker import embedded, log_settings, queues, redis_settings
from tracker.environment import env_bool, env_list
from tracker.release import release
from tracker.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent


EMBEDDED = not os.environ.get("DATABASE_URL")
DEBUG = env_bool("DEBUG", False)

# --- keys and hosts -------------------------------------------------------------------------------------------------
if os.environ.get("SECRET_KEY"):
    SECRET_KEY = os.environ["SECRET_KEY"]
elif EMBEDDED:
    SECRET_KEY = embedded.secret_key()
else:
    raise ImproperlyConfigured("Set SECRET_KEY: any long random text that stays the same and is kept secret.")

# The public address, such as https://pledges.example.org. Hosts and HTTPS are derived from it unless they are set.
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
    # Before all others: what it has of a public page is sent as all others left it.
    "pledges.site.shared.front.FrontMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "pledges.site.shared.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    # After the CSRF check, before forms are parsed.
    "pledges.site.shared.typed_text.TypedTextMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "pledges.accounts.desk_hint.DeskHintMiddleware",
    "pledges.accounts.allauth_adapters.SecondFactorMiddleware",
    "pledges.accounts.allauth_adapters.LastSeenMiddleware",
    "pledges.accounts.known_devices.KnownDeviceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pledges.accounts.history.HistoryMiddleware",
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
        os.environ.get("DATABASE_URL") or embedded.database_url(),
        conn_max_age=60,
        conn_health_checks=True,
        # A pooler that gives each transaction another connection knows no cursor of the one before.
        disable_server_side_cursors=env_bool("DISABLE_SERVER_SIDE_CURSORS"),
    )
}
# Otherwise a request to a database whose machine is gone would wait for minutes, also on a connection that it has. Of
# all but the first, libpq makes no use with a Unix socket. DATABASE_URL may say otherwise.
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 5,  # seconds
    "tcp_user_timeout": 10_000,  # milliseconds
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
} | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The role that the web server and the workers connect as; `prepare_database` creates it and grants it the least.
APP_DATABASE_ROLE = os.environ.get("APP_DATABASE_ROLE", "tracker_app")

# The folder that the publisher writes the nightly backup to; empty for none. And where pg_dump and pg_restore are; None
# for those of the machine (PATH).
BACKUP_DIR = os.environ.get("BACKUP_DIR", "").strip()
POSTGRES_PROGRAMS = embedded.client_programs()

BROKER_URL = redis_settings.BROKER_URL
REDIS_TIMEOUT_SECONDS = redis_settings.TIMEOUT_SECONDS
CACHES = redis_settings.CACHES
# How late a page may be that a process has in its memory (docs/adr/0053-the-front-cache.md); who works at the desk sees
# every publication at once.
PULSE_SECONDS = float(os.environ.get("PULSE_SECONDS") or 1)
# For how long a CDN may serve public pages without asking, and how much longer while it asks; 0: it always asks.
CDN_SECONDS = int(os.environ.get("CDN_SECONDS") or 0)
CDN_STALE_SECONDS = int(os.environ.get("CDN_STALE_SECONDS") or 60)

CELERY_BROKER_URL = BROKER_URL or embedded.broker_url()
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000  # kB: a process that has grown with large responses is replaced
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP, CELERY_BROKER_CONNECTION_MAX_RETRIES = True, None  # without end
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # nobody asks, and it may end a worker (tracker/background.py)
WATCH_QUEUES, PUBLISHING_QUEUES = queues.WATCH, queues.PUBLISHING
CELERY_TASK_QUEUES = [Queue(name) for name in (*WATCH_QUEUES, *PUBLISHING_QUEUES)]
CELERY_TASK_DEFAULT_QUEUE = queues.DEFAULT
CELERY_TASK_ROUTES = queues.ROUTES
# Sending a message is given up at once: beat sends the next one anyway.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "queue_order_strategy": "sorted"}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = dict(SCHEDULE)
CELERY_BEAT_SCHEDULER = "tracker.beat:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = os.environ.get("BEAT_SCHEDULE_FILE", str(embedded.STATE_DIR / "beat-schedule"))

# --- the watch ------------------------------------------------------------------------------------------------------
CONTACT_EMAIL = os.environ.get("CONTACT_EMAIL", "")
# The mail server: smtp://user:password@host:587 (STARTTLS) or smtps://…:465. Without it no mail is sent, and the digest
# to editors is only shown at the desk.
_email = urlsplit(os.environ.get("EMAIL_URL", ""))
if _email.scheme not in {"", "smtp", "smtps"}:
    raise ImproperlyConfigured("EMAIL_URL must begin with smtp:// or smtps://.")
EMAIL_HOST = _email.hostname or ""
EMAIL_USE_SSL = _email.scheme == "smtps"
EMAIL_PORT = _email.port or (465 if EMAIL_USE_SSL else 587)
EMAIL_USE_TLS = not EMAIL_USE_SSL and EMAIL_PORT != 25  # 25 is a local relay
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_email.username or ""), unquote(_email.password or "")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM") or CONTACT_EMAIL or "pledge-tracker@localhost"
# The Mattermost servers that messages may go to, such as https://chat.example.org: none unless they are named here. The
# other chat services have hosts of their own, which are fixed.
MATTERMOST_ORIGINS = env_list("MATTERMOST_ORIGINS")
WATCH_USER_AGENT = "PledgeTracker/1.0 (+{}; news watch of a pledge tracker)".format(
    ", ".join(filter(None, [SITE_URL, CONTACT_EMAIL])) or "no public address set"
)
# A tracker of one's own: without the first data set, and without the sample newswire.
EMPTY = env_bool("EMPTY", False)
# The origin at which this site serves the sample newswire, such as http://127.0.0.1:8000. Only `make run` and
# demonstrations set it: it is also the one private address that the SSRF guard lets through.
SAMPLE_NEWSWIRE = "" if EMPTY else os.environ.get("SAMPLE_NEWSWIRE", "").rstrip("/")
if SAMPLE_NEWSWIRE and (newswire_host := urlsplit(SAMPLE_NEWSWIRE).hostname):
    ALLOWED_HOSTS.append(newswire_host)
# Exact private origins that the watch may read and webhooks may be sent to, such as http://127.0.0.1:8001. Empty unless
# there is a receiver of webhooks in the operator's own network; and for tests.
WATCH_ALLOWED_ORIGINS = env_list("WATCH_ALLOWED_ORIGINS")
# Between two requests to one host; its robots.txt may require more.
WATCH_HOST_DELAY_SECONDS = float(os.environ.get("WATCH_HOST_DELAY_SECONDS") or 1)
# For one address in all, redirects included.
WATCH_FETCH_SECONDS = float(os.environ.get("WATCH_FETCH_SECONDS") or 30)
# The lease of a source or article: longer than reading one may take, so only that of a killed worker runs out.
WATCH_CLAIM_SECONDS = int(os.environ.get("WATCH_CLAIM_SECONDS") or 180)

# --- webhooks -------------------------------------------------------------------------------------------------------
# For one attempt in all.
WEBHOOK_SECONDS = float(os.environ.get("WEBHOOK_SECONDS") or 10)
# What was sent or given up is deleted after so many days: not sooner, or leads of the last week would be sent again.
WEBHOOK_KEEP_DAYS = int(os.environ.get("WEBHOOK_KEEP_DAYS") or 30)
if WEBHOOK_KEEP_DAYS < 14:
    raise ImproperlyConfigured("WEBHOOK_KEEP_DAYS must be at least 14.")

# --- preservation of evidence ---------------------------------------------------------------------------------------
# Whether links of published evidence are submitted to the Wayback Machine (Save Page Now), and with which keys
# ("access:secret", from archive.org/account/s3.php): with keys its limits are higher and its errors more precise.
WAYBACK = env_bool("WAYBACK", False)
WAYBACK_KEYS = os.environ.get("WAYBACK_KEYS", "").strip()
WAYBACK_HOME = "https://web.archive.org"
if WAYBACK_KEYS and not all(WAYBACK_KEYS.partition(":")):
    raise ImproperlyConfigured("WAYBACK_KEYS must be the access key and the secret, with a colon between.")
# The texts of articles without leads are deleted after so many days; 0 keeps them forever.
KEEP_UNUSED_DAYS = int(os.environ.get("KEEP_UNUSED_DAYS") or 90)
# The sentence encoder (docs/adr/0039-a-sentence-encoder.md): in the workers themselves; "off" for none; or behind the
# address (…/v1) of an OpenAI-compatible server of multilingual-e5-small, with its model and key.
ENCODER = os.environ.get("ENCODER", "")
if ENCODER not in {"", "off"}:
    raise ImproperlyConfigured("ENCODER must be off, or empty for the encoder.")
ENCODER_URL = os.environ.get("ENCODER_URL", "")
ENCODER_MODEL = os.environ.get("ENCODER_MODEL") or "multilingual-e5-small"
ENCODER_KEY = os.environ.get("ENCODER_KEY", "")
# Second opinions (docs/watch-learning.md), off by default: the address (…/v1), model and key of an OpenAI-compatible
# endpoint.
OPINION_URL = os.environ.get("OPINION_URL", "")
OPINION_MODEL = os.environ.get("OPINION_MODEL", "")
OPINION_KEY = os.environ.get("OPINION_KEY", "")

# --- WebSub ----------------------------------------------------------------------------------------------------------
# The WebSub hub that is told which feeds an edition changed, such as https://hub.example/; empty: nobody is told.
WEBSUB_HUB = os.environ.get("WEBSUB_HUB", "").strip()
if WEBSUB_HUB:
    if urlsplit(WEBSUB_HUB).scheme not in {"http", "https"} or not SITE_URL:
        raise ImproperlyConfigured("WEBSUB_HUB must be the address of a hub, and needs SITE_URL.")
    CELERY_BEAT_SCHEDULE["send-hub-pings"] = {
        "task": "pledges.tasks.send_hub_pings",
        "schedule": 20.0,
        "options": {"expires": 19},
    }

# --- languages and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = os.environ.get("LANGUAGE_CODE", "en")
LANGUAGES = [(code, _(name)) for code, name in ENGLISH_NAMES.items()]
LOCALE_PATHS = [BASE_DIR / "pledges" / "locale"]
FORMAT_MODULE_PATH = "pledges.locale"
USE_I18N = True
USE_TZ = True
# `make run EMPTY=1` keeps its own: later starts without the variable must not move the days of editions.
TIME_ZONE = os.environ.get("TIME_ZONE") or (embedded.kept_time_zone() if EMBEDDED else "") or "America/Guayaquil"

# --- static files ---------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
# Compressing takes six seconds, and is of no use to `make run`.
COMPRESS_STATIC = env_bool("COMPRESS_STATIC", True)
_manifest = "whitenoise.storage.Compressed" if COMPRESS_STATIC else "django.contrib.staticfiles.storage."
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": f"{_manifest}ManifestStaticFilesStorage"},
}
RELEASE = release(BASE_DIR)

# --- uploads --------------------------------------------------------------------------------------------------------
# Of a form without its files: a text of up to four times the permitted length gets the form's own error message. Files
# have the limits of their forms; the proxy's limit (Caddyfile) is higher than all of them.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000

# --- security -------------------------------------------------------------------------------------------------------
HTTPS = env_bool("HTTPS", SITE_URL.startswith("https:") if SITE_URL else not EMBEDDED)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$", r"^newswire/"]  # requested from inside, without the proxy
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Neither subdomains nor the preload list: the other hosts of a newsroom's domain are not ours to bind to HTTPS.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
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
        "manifest-src": [SELF],
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
# Whether people at the desk have to set up a second factor before they can use it.
REQUIRE_TWO_FACTORS = env_bool("REQUIRE_TWO_FACTORS", False)
# How many proxies are in front of this application and write X-Forwarded-For; with 0 the header is ignored.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES") or 0)
ACCOUNT_ADAPTER = "pledges.accounts.allauth_adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "pledges.accounts.forms.NameLoginForm",
    "reset_password": "pledges.accounts.forms.ForgottenPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]  # unused: the adapter closes sign-up
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = bool(EMAIL_HOST)
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
# Django's uses User.email only; with allauth's, former addresses could still be used for a reset.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
# Counted with the broker: by network address (ip); by account (user); and by a key, for wrong passwords the known
# device, else the name that is typed (pledges/accounts/allauth_adapters.py), and for mails the e-mail address.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "account_failed": "5/300s/key",  # by account, whatever it is called; what is over it is not told
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    # Readers' alerts: requests from a network address, and mails to one e-mail address.
    "alert": "6/m/ip",
    "alert_day": "60/d/ip",
    "alert_address": "3/d/key",
    "refused_form": "10/m/ip",  # a form sent after its session had ended, kept until the next log-in
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are created at the desk: nobody can use one without its link
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # which browsers allow on localhost only
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds, for clocks that differ
# How many requests a network may send to the public API in a minute; 0 for no limit.
API_REQUESTS_PER_MINUTE = int(os.environ.get("API_REQUESTS_PER_MINUTE") or 120)
USERSESSIONS_TRACK_ACTIVITY = True
USERSESSIONS_ADAPTER = "pledges.accounts.allauth_adapters.SessionsAdapter"

# --- seeing inside (docs/monitoring.md) -----------------------------------------------------------------------------
# Where metrics for Prometheus are served, such as 9100 (on the loopback) or 0.0.0.0:9100; empty: none are counted.
METRICS = os.environ.get("METRICS", "").strip()
if METRICS and not re.fullmatch(r"([\w.\[\]:-]+:)?\d{1,5}", METRICS, re.ASCII):
    raise ImproperlyConfigured("METRICS must be a port, such as 9100, or an address with a port.")
if METRICS:
    MIDDLEWARE.insert(0, "tracker.metrics.RequestMetricsMiddleware")
MIDDLEWARE.insert(0, "tracker.logs.RequestIdMiddleware")
LOGGING = log_settings.LOGGING
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Failures are sent to this Sentry, and nothing else is, to nobody (tracker/error_reports.py); empty: to none.
SENTRY_DSN = os.environ.get("SENTRY_DSN", "").strip()
if SENTRY_DSN:
    from tracker import error_reports

    error_reports.start(SENTRY_DSN)
