"""Questionnaires: model, types, expressions, answers; knows neither Flask, nor SQL, nor spaCy."""
