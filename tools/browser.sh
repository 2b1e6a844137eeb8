#!/bin/sh
# Says whether the tests in a real browser can run; installs Chromium where that needs no question.
set -eu

for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done

as_root=""
if [ "$(id -u)" != 0 ]; then
    as_root="sudo -n"
fi

if command -v apt-get >/dev/null 2>&1 && $as_root true 2>/dev/null; then
    echo "Installation de Chromium pour les tests dans le navigateur…"
    if $as_root apt-get update -qq >/dev/null 2>&1 &&
        $as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1; then
        exit 0
    fi
    reason="son installation n'a pas abouti"
else
    reason="il ne peut pas être installé d'ici sans mot de passe"
fi

echo "Chromium est absent et $reason."
echo "Les tests du dossier tests/browser seront passés, et le diront. Les autres sont lancés."
echo "Pour les avoir tous : sudo apt install chromium, puis relancez la même commande."
