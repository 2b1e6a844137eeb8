#!/bin/sh
# Makes .venv from the hashed requirements.txt, then installs the project itself in it.
# Uses uv where there is one, Python's own venv and pip elsewhere.
set -eu
cd "$(dirname "$0")/.."

log=$(mktemp)
partial=$(mktemp)
trap 'rm -f "$log" "$partial"' EXIT

say() { printf '%s\n' "$*"; }

stop() {
    printf '\n' >&2
    printf '%s\n' "$@" >&2
    exit 1
}

usable() { # a Python this project runs on; with pip's bootstrap too where there is no uv
    command -v "$1" >/dev/null 2>&1 || return 1
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 16))' \
        >/dev/null 2>&1 || return 1
    [ -n "$uv" ] || "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

find_python() {
    for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11 python3.14 python3; do
        if usable "$candidate"; then
            printf '%s' "$candidate"
            return
        fi
    done
}

no_python() {
    stop "Il manque Python 3.11 ou plus récent, avec son module venv. Rien n'a été installé." \
        "  Debian ou Ubuntu : sudo apt install python3 python3-venv" \
        "  macOS : brew install python@3.13" \
        "  Ailleurs : installez l'outil uv, il apporte Python avec lui." \
        "Puis relancez la même commande."
}

make_environment() {
    python=$(find_python)
    if [ -n "$uv" ]; then # uv can bring its own Python
        uv venv --quiet --clear --python "${python:-3.13}" .venv >"$log" 2>&1 || no_python
    else
        [ -n "$python" ] || no_python
        "$python" -m venv --clear .venv >"$log" 2>&1 || no_python
    fi
}

healthy() {
    [ -x .venv/bin/python ] && .venv/bin/python -c '' >/dev/null 2>&1 || return 1
    [ -n "$uv" ] || .venv/bin/python -m pip --version >/dev/null 2>&1
}

install() {
    if [ -n "$uv" ]; then
        uv pip install --quiet --python .venv/bin/python "$@" >"$log" 2>&1
    else
        .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@" >"$log" 2>&1
    fi
}

install_libraries() {
    install --require-hashes -r requirements.txt && return
    first=$(tail -n 15 "$log")
    # No ready-made sqlcipher3 for this machine, perhaps: everything else is still worth having.
    awk '/^[a-zA-Z0-9]/ { skip = /^sqlcipher3/ } !skip' requirements.txt >"$partial"
    if install --require-hashes -r "$partial"; then
        say "Attention : la base ne sera pas chiffrée sur cette machine, sqlcipher3 y manque."
        say "C'est acceptable pour essayer avec des paroles inventées, pas pour de vraies paroles."
        return
    fi
    stop "$first" "" \
        "L'installation des bibliothèques n'a pas abouti. Vos données n'ont pas été touchées." \
        "Vérifiez la connexion au réseau et l'espace libre (1 Go), puis relancez la même commande."
}

uv=$(command -v uv || true)
if [ -n "$uv" ] && ! uv --version >/dev/null 2>&1; then
    uv="" # a launcher without the tool behind it
fi
if ! healthy; then
    say "Création de l'environnement Python dans .venv…"
    make_environment
fi
say "Installation des bibliothèques (quelques minutes la première fois)…"
install_libraries
install --no-deps --no-build-isolation --editable . || stop "$(tail -n 15 "$log")" "" \
    "Le projet lui-même n'a pas pu être installé. Relancez la même commande, ou effacez .venv avant."
say "Tout est installé."
