#!/usr/bin/env bash
# Installs ImageMagick where it is missing; says nothing where it is not.
set -euo pipefail

# A program called "convert" may be something else, so each candidate is asked what it is.
has_imagemagick() {
  local name candidate
  for name in magick identify; do
    while IFS= read -r candidate; do
      if [[ $("$candidate" -version 2>/dev/null </dev/null || true) == "Version: ImageMagick"* ]]; then
        return 0
      fi
    done < <(type -ap "$name" || true)
  done
  return 1
}

if has_imagemagick; then
  exit 0
fi

echo "ImageMagick is missing; installing it." >&2
if command -v apt-get >/dev/null; then
  as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo >/dev/null; then
      echo "This needs root: run 'apt-get install imagemagick' as root, then start again." >&2
      exit 1
    fi
    as_root=(sudo)
  fi
  # "env" hands the variable through sudo. Nothing of it may land in the caller's standard output.
  ${as_root[@]+"${as_root[@]}"} apt-get -qq update >&2
  ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y imagemagick >&2
elif command -v brew >/dev/null; then
  brew install imagemagick >&2
else
  echo "There is neither apt-get nor brew here: install ImageMagick from https://imagemagick.org/script/download.php, then start again." >&2
  exit 1
fi

hash -r
if ! has_imagemagick; then
  echo "ImageMagick was installed, but neither 'magick' nor 'identify' can be found in the search path." >&2
  exit 1
fi
