"""One settings file. Everything that may differ between places is read from the environment (.env.example lists it)."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from api.names import NAMES
from config.edition import edition
from config.embedded import Embedded
from config.environment import BASE_DIR, VAR, env, kept_secret, required, secret

# -- The place: demo or real, and what it must know ------------------------------------------------------------------

DATABASE_URL = secret("DATABASE_URL")
REDIS_URL = secret("REDIS_URL")
DEMO = env.bool("DEMO", not DATABASE_URL)
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = secret("SECRET_KEY") or (kept_secret(VAR / "secret_key") if DEMO else required("SECRET_KEY"))
BASE_URL = env.str("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
SITE = urlsplit(BASE_URL)
HTTPS = SITE.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", SITE.hostname or "localhost"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
EDITION = edition()  # what frozen reports say about the code that counted them

MESSAGE_CHANNELS = env.list("MESSAGE_CHANNELS", ["log"])
CHANNEL_SECRETS = {
    "whatsapp": (
        "WHATSAPP_TOKEN",
        "WHATSAPP_PHONE_NUMBER_ID",
        "WHATSAPP_APP_SECRET",
        "WHATSAPP_VERIFY_TOKEN",
    ),
    "sms": ("SMS_URL", "SMS_TOKEN"),
    "email": () if DEMO else ("EMAIL_URL",),
}
for channel in MESSAGE_CHANNELS:
    for name in CHANNEL_SECRETS.get(channel, ()):
        required(name)
WHATSAPP_BASE_URL = env.str("WHATSAPP_BASE_URL", "https://graph.facebook.com/v26.0")
WHATSAPP_TOKEN = secret("WHATSAPP_TOKEN")
WHATSAPP_PHONE_NUMBER_ID = secret("WHATSAPP_PHONE_NUMBER_ID")
WHATSAPP_APP_SECRET = secret("WHATSAPP_APP_SECRET")
WHATSAPP_VERIFY_TOKEN = secret("WHATSAPP_VERIFY_TOKEN")
WHATSAPP_CODE_TEMPLATE = env.str("WHATSAPP_CODE_TEMPLATE", "kode_masuk")
WHATSAPP_NUMBER = env.str("WHATSAPP_NUMBER", "")  # on posters, for people who write first
SMS_URL = secret("SMS_URL")
SMS_TOKEN = secret("SMS_TOKEN")
SMS_WEBHOOK_TOKEN = secret("SMS_WEBHOOK_TOKEN") or SMS_TOKEN
# How this SMS gateway calls things; a path like data.0.id leads into its answer.
SMS = {
    name: env.str(f"SMS_{name}", default)
    for name, default in {
        "STYLE": "json",  # json or form
        "TOKEN_IN": "header:Authorization",  # or field:NAME
        "SCHEME": "Bearer",  # before the token in the header; empty = the token alone
        "TO": "to",
        "TEXT": "text",
        "NUMBER": "e164",  # +6281..., digits 6281..., local 081...
        "KEY": "",  # the field, or header:NAME, by which it knows a letter that it is given twice
        "EXTRA": "",  # more fields: countryCode=62&delay=2
        "ID": "id",
        "STATUS": "status",
        "REASON": "reason",
        "LOOKUP_URL": "",  # with {key}: where it can be asked what became of a letter
        "LATER": "rate,busy,throttled,too many,try again",  # words in its reasons
        "STOP": "unauthorized,token,credit,no_credit,balance,saldo,quota,kuota,suspended,disconnected",
        "ADDRESS": "bad_number,invalid number,invalid target,not registered,blocked,blacklisted",
        "WEBHOOK_TOKEN_IN": "header:Authorization",  # or query:NAME
        "WEBHOOK_KEY": "key",
        "WEBHOOK_FROM": "from",
        "WEBHOOK_TEXT": "text",
    }.items()
}
CHANNEL_RATES = {"whatsapp": env.float("WHATSAPP_RATE", 80.0), "sms": env.float("SMS_RATE", 0.0)}  # a second; 0 = any

METRICS_TOKEN = secret("METRICS_TOKEN")

# -- What the product is made of -------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "rules",
    "knox",
    "rest_framework",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "phonenumber_field",
    "common",
    "accounts",
    "villages",
    "almanac",
    "programs",
    "attendance",
    "mentoring",
    "exports",
    "progress",
    "papers",
    "reports",
    "noticeboard",
    "phone",
    "reminders",
    "briefings",
    "replies",
    "audit",
    "downloads",
    "api",
    "config",
]

MIDDLEWARE = [
    "common.middleware.RequestId",
    "config.health.Health",
    "django.middleware.security.SecurityMiddleware",
    "common.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "common.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# -- Data ------------------------------------------------------------------------------------------------------------

EMBEDDED = None if DATABASE_URL else Embedded(VAR / "postgres")
SERVER = EMBEDDED.database("desa_devisa") if EMBEDDED else env.dj_db_url("DATABASE_URL", DATABASE_URL)
if DATABASE_PASSWORD := secret("DATABASE_PASSWORD"):  # so that the address itself need not be a secret
    SERVER["PASSWORD"] = DATABASE_PASSWORD
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **SERVER,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # Planning costs more than execution: let the server keep every plan from its first use.
        "OPTIONS": {**SERVER.get("OPTIONS", {}), "server_side_binding": True, "prepare_threshold": 1},
        "TEST": {"NAME": env.str("TEST_DATABASE", "test_desa_devisa")},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The cache counts sign-in attempts, so it must be shared by all processes and must not fall with Redis.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

# -- Who is signed in ------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "accounts.adapter.StaffAccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "request_login_code": "accounts.forms.AskCodeForm",
    "confirm_login_code": "accounts.forms.EnterCodeForm",
    "change_password": "accounts.forms.NewPasswordForm",
    "set_password": "accounts.forms.FirstPasswordForm",
    "reset_password": "accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "accounts.forms.RecoveredPasswordForm",
}
CODE_SENDER = "reminders.codes.send_code"  # how a sign-in code reaches a number; accounts knows no channels
CODES_A_DAY = env.int("CODES_A_DAY", 300)  # codes by WhatsApp and SMS, which cost money; then they go by e-mail
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone", "password1*"]  # nobody signs up; allauth compares it with the ways in
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PHONE_VERIFICATION_ENABLED = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_TIMEOUT = 2400  # a code and two new ones, each for its ten minutes
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE.scheme
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("NUM_PROXIES", 0)

SESSION_ENGINE = "django.contrib.sessions.backends.db"  # can be revoked, and needs no cache
SESSION_COOKIE_AGE = int(timedelta(days=90).total_seconds())
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# -- Language, time, files, mail -------------------------------------------------------------------------------------

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
PHONENUMBER_DEFAULT_REGION = "ID"
FILTERS_EMPTY_CHOICE_LABEL = _("All")

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_DIR", str(VAR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.statics.Statics"},
}
MEDIA_ROOT = VAR / "media"

globals().update(env.dj_email_url("EMAIL_URL", secret("EMAIL_URL", "console:")))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"desa-devisa@{SITE.hostname}")

# -- Logs: a line of JSON each, with the request's id, without names, numbers, bodies or query strings ---------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "common.middleware.RequestIdFilter"}},
    "formatters": {"json": {"()": "config.logs.JsonLine"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]}},
    "root": {"handlers": ["out"], "level": env.str("LOG_LEVEL", "WARNING")},
    "loggers": {"django": {"handlers": ["out"], "level": env.str("LOG_LEVEL", "WARNING"), "propagate": False}},
}

# -- API -------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.TokenInHeader",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.Able"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.GuardedJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "api.paging.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.problems.problem_response",
    "NUM_PROXIES": env.int("NUM_PROXIES", 0),
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {"TOKEN_TTL": timedelta(days=30), "AUTH_HEADER_PREFIX": "Token"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Desa Devisa Tracker",
    "DESCRIPTION": "Villages, cohorts, sessions, visits, messages and progress of the Desa Devisa programme.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": NAMES,
}

# -- Celery: a doorbell. Truth is in rows, so results are ignored and nothing is ever scheduled ahead by it. ----------

BROKER_DIR = env.str("BROKER_DIR", "")  # a fresh folder for every start of the embedded worker
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_RETRY = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever: an absent Redis ends no worker
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {}
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 15 * 60,  # longer than the hardest time limit, so that no task runs twice at once
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }
elif BROKER_DIR:
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": BROKER_DIR,
        "data_folder_out": BROKER_DIR,
        "control_folder": f"{BROKER_DIR}/control",
    }
    CELERY_WORKER_POOL = "solo"
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
else:
    CELERY_BROKER_URL = "memory://"  # nobody listens: the next tick finds the rows
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 10 * 60
CELERY_TASK_SOFT_TIME_LIMIT = 9 * 60
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # in memory: a file could only be damaged or out of date
