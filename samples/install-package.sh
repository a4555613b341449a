# Source this file: install_package <package> <website of the package> [<options of apt-get>]. The package has the same name in apt and brew.
install_package() {
  local package=$1 site=$2 as_root=()
  shift 2
  echo "$package is missing; installing it." >&2
  if command -v apt-get >/dev/null; then
    if [[ $(id -u) -ne 0 ]]; then
      if ! command -v sudo >/dev/null; then
        echo "This needs root: run 'apt-get install $package' as root, then start again." >&2
        return 1
      fi
      as_root=(sudo)
    fi
    # "env" passes the variable through sudo. Standard output belongs to the caller, so apt-get writes to standard error.
    ${as_root[@]+"${as_root[@]}"} apt-get -qq update >&2 || return
    ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y "$@" "$package" >&2 || return
  elif command -v brew >/dev/null; then
    brew install "$package" >&2 || return
  else
    echo "Neither apt-get nor brew is available: install $package from $site, then start again." >&2
    return 1
  fi
  hash -r
}
