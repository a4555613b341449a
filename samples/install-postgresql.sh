#!/usr/bin/env bash
# Installs PostgreSQL if it is missing; otherwise prints nothing. Doesn't start a server.
set -euo pipefail

source "$(dirname -- "${BASH_SOURCE[0]}")/install-package.sh"

has_postgresql() {
  command -v postgres >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null
}

if has_postgresql; then
  exit 0
fi

install_package postgresql https://www.postgresql.org/download/ --no-install-recommends
if ! has_postgresql; then
  echo "PostgreSQL was installed, but its program 'postgres' was found neither under /usr/lib/postgresql nor in the search path." >&2
  exit 1
fi
