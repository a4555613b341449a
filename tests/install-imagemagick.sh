#!/usr/bin/env bash
# Installs ImageMagick if it is missing; otherwise prints nothing.
set -euo pipefail

source "$(dirname -- "${BASH_SOURCE[0]}")/../samples/install-package.sh"

# "convert" can be a different program, so the output of each candidate is checked.
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

install_package imagemagick https://imagemagick.org/script/download.php
if ! has_imagemagick; then
  echo "ImageMagick was installed, but neither 'magick' nor 'identify' can be found in the search path." >&2
  exit 1
fi
