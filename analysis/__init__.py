"""Analysis of testimonies: pure functions over a Corpus; knows neither Flask nor SQL."""
