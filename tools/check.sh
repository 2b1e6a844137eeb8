#!/bin/sh
# Every reading of the code that a machine can do. Runs them all, then fails if one failed.
# Arguments: the packages to read.
set -u
cd "$(dirname "$0")/.."

bin=.venv/bin
failed=""

step() { # step "name" command…
    name=$1
    shift
    printf '%s… ' "$name"
    if output=$("$@" 2>&1); then
        echo "bien"
    else
        echo "à reprendre"
        printf '%s\n' "$output"
        failed="$failed
  - $name"
    fi
}

step "Style du code" $bin/python -m ruff check --quiet .
step "Mise en forme" $bin/python -m ruff format --quiet --diff .
step "Types" $bin/python -m mypy
step "Sens des dépendances" $bin/python tools/imports.py
step "Gabarits des pages" $bin/python -m djlint --quiet --lint --configuration tools/djlint.toml \
    survey_app/templates
step "Sécurité" $bin/python -m bandit --quiet --recursive --configfile tools/bandit.yaml "$@"

if [ -n "$failed" ]; then
    printf '\nÀ reprendre :%s\n' "$failed"
    exit 1
fi
