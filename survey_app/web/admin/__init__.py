"""Preparing and keeping the house: council, accounts, places, campaigns, journal, register."""

from survey_app.web.admin import campaigns, contacts, people, places, records
from survey_app.web.admin.views import bp

__all__ = ["bp", "campaigns", "contacts", "people", "places", "records"]
