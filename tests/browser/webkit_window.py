"""A window of WebKitGTK that WebDriver may drive and whose storage stays on the disk.

The system's own Python runs it, as a program: MiniBrowser forgets everything under WebDriver, and
a tablet that is killed must find its drafts again. Usage: ``webkit_window.py FOLDER``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402  # the versions come first

NAME = "paroles-essai"


def main(folder: Path) -> None:
    manager = WebKit2.WebsiteDataManager(
        base_data_directory=str(folder / "data"), base_cache_directory=str(folder / "cache")
    )
    context = WebKit2.WebContext(website_data_manager=manager)
    jar = str(folder / "cookies.db")
    manager.get_cookie_manager().set_persistent_storage(jar, WebKit2.CookiePersistentStorage.SQLITE)
    context.set_automation_allowed(True)
    context.connect("automation-started", started)
    Gtk.main()


def started(context: WebKit2.WebContext, session: WebKit2.AutomationSession) -> None:
    """WebDriver is there: it may open windows."""
    told = WebKit2.ApplicationInfo()
    told.set_name(NAME)
    session.set_application_info(told)
    session.connect("create-web-view", lambda _session: opened(context))


def opened(context: WebKit2.WebContext) -> WebKit2.WebView:
    window = Gtk.Window(default_width=820, default_height=1100)
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
    view.connect("close", lambda _view: window.destroy())
    window.add(view)
    window.show_all()
    return view


if __name__ == "__main__":
    main(Path(sys.argv[1]))
