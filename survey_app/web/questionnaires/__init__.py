"""The room where questionnaires are read, written, tried and published."""

from survey_app.web.questionnaires import condition as condition
from survey_app.web.questionnaires import editor as editor
from survey_app.web.questionnaires import home as home
from survey_app.web.questionnaires import importing as importing
from survey_app.web.questionnaires import preview as preview
from survey_app.web.questionnaires import publishing as publishing
from survey_app.web.questionnaires import question as question
from survey_app.web.questionnaires import translate as translate
from survey_app.web.questionnaires.blueprint import bp as bp
