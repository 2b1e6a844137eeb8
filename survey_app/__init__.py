"""Paroles: the web application of citizen councils (conseils citoyens)."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from survey_app.runtime import Runtime
from survey_app.settings import Settings

__version__ = "0.1.0"


def create_app(settings: Settings | None = None, runtime: Runtime | None = None) -> Flask:
    """Wire the application: settings, database, safety, pages. Nothing is global."""
    from survey_app import errors, extensions, security, web

    settings = settings or (runtime.settings if runtime else Settings.from_environment())
    runtime = runtime or Runtime.start(settings)
    app = Flask(__name__)
    app.extensions["paroles"] = runtime
    app.config.update(
        SECRET_KEY=runtime.keys.session,
        SESSION_COOKIE_NAME="paroles",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.production,
        # 100,000 characters of accented French weigh 600 kB once a form has encoded them.
        MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024,
        MAX_CONTENT_LENGTH=32 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE="fr",
        TESTING=settings.testing,
    )
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's documented way
    extensions.init(app)
    security.init(app)
    errors.init(app)
    web.init(app)
    return app
