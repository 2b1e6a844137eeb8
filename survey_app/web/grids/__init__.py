"""The room where grids are read, rewritten, published, and given to campaigns."""

from survey_app.web.grids import codes as codes
from survey_app.web.grids import editor as editor
from survey_app.web.grids import groupings as groupings
from survey_app.web.grids import home as home
from survey_app.web.grids import importing as importing
from survey_app.web.grids import passing as passing
from survey_app.web.grids.blueprint import bp as bp
