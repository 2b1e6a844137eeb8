"""Pages to fill a questionnaire: shared by interviews, records, meeting sheets and previews."""
