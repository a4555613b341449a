#!/usr/bin/env bash
# Installs PostgreSQL where it is missing; says nothing where it is not. No server is started.
set -euo pipefail

has_postgresql() {
  command -v postgres >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null
}

if has_postgresql; then
  exit 0
fi

echo "PostgreSQL is missing; installing it." >&2
if command -v apt-get >/dev/null; then
  as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo >/dev/null; then
      echo "This needs root: run 'apt-get install postgresql' as root, then start again." >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  # "env" hands the variable through sudo. Nothing of it may land in the caller's standard output.
  ${as_root[@]+"${as_root[@]}"} apt-get -qq update >&2
  ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends postgresql >&2
elif command -v brew >/dev/null; then
  brew install postgresql >&2
else
  echo "There is neither apt-get nor brew here: install PostgreSQL from https://www.postgresql.org/download/, then start again." >&2
  exit 1
fi

hash -r
if ! has_postgresql; then
  echo "PostgreSQL was installed, but its program 'postgres' can be found neither under /usr/lib/postgresql nor in the search path." >&2
  exit 1
fi
