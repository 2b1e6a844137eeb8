"""How long things take and how much memory they hold: `python -m bench` prints one JSON object."""
