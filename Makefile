# Paroles : les gestes courants. « make » seul affiche l'aide.
# Écrit pour GNU make 3.81 (celui de macOS) et plus récent.

SHELL := /bin/sh
VENV_PYTHON := .venv/bin/python
READY := .venv/.installed
CODE := survey_app questionnaires analysis

# The tests and the server must read accents the same way on every machine.
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help demo test check bench soak format lock setup clean

help: ## affiche cette aide
	@echo "Paroles : recueillir, relire, coder et restituer la parole des habitants."
	@echo ""
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile
	@echo ""
	@echo "Pour découvrir : make demo. Pour vérifier : make test."

demo: $(READY) ## installe, prépare une démonstration et l'ouvre (SERVE=0 : sans serveur)
	@$(VENV_PYTHON) -m survey_app demo $(if $(filter 0,$(SERVE)),--no-serve)

test: $(READY) ## lance tous les tests (ARGS="-k mot" pour en choisir)
	@sh tools/browser.sh
	@$(VENV_PYTHON) -m pytest -q -n auto --dist worksteal $(ARGS)

check: $(READY) ## relit le code : style, types, dépendances, gabarits, sécurité
	@sh tools/check.sh $(CODE)

bench: $(READY) ## mesure durées et mémoire, écrit le résultat en JSON
	@$(VENV_PYTHON) -m bench $(ARGS)

soak: $(READY) ## éprouve la réception : dix tablettes, un serveur tué quarante fois
	@$(VENV_PYTHON) -m bench.soak

format: $(READY) ## met le code Python en forme
	@$(VENV_PYTHON) -m ruff check --quiet --fix-only .
	@$(VENV_PYTHON) -m ruff format .

lock: ## recalcule requirements.txt (il faut l'outil uv)
	@uv pip compile -q setup.cfg --extra dev --extra echelle --universal --python-version 3.11 \
		--generate-hashes --no-annotate --custom-compile-command "make lock" \
		-o requirements.txt
	@echo "requirements.txt est à jour. « make demo » ou « make test » l'installera."

setup: $(READY) ## installe tout dans .venv, sans rien lancer

# Made again whenever what is to be installed changes; instant otherwise.
$(READY): requirements.txt setup.cfg pyproject.toml tools/setup.sh
	@sh tools/setup.sh
	@touch $(READY)

clean: ## efface les fichiers de travail, jamais vos données ni vos clés
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis htmlcov build
	@rm -f .coverage
	@find $(CODE) tests tools -type d -name __pycache__ -prune -exec rm -rf {} +
	@echo "Fichiers de travail effacés. Vos données (instance/) et vos clés (keys/) sont intactes."
