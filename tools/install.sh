#!/bin/sh
# Installs Debian or Ubuntu packages by name, those that are missing, as root or through sudo. Waits while another
# package manager is at work.
#   tools/install.sh PACKAGE...
set -eu
missing=""
for package in "$@"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
as_root=""
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { echo "to be installed as root, for there is no sudo: apt-get install$missing" >&2; exit 1; }
  as_root="sudo"
fi
said=$(mktemp)
trap 'rm -f "$said"' EXIT

# apt-get, quiet unless it fails. It waits for dpkg's lock by itself (in seconds), but not for those of its lists and of its
# archives: for them it is tried again, for ten minutes.
packages() {
  tries=120
  until $as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -qq -o DPkg::Lock::Timeout=600 "$@" >"$said" 2>&1 </dev/null; do
    if ! grep -q "Could not get lock" "$said" || [ "$tries" = 0 ]; then
      cat "$said" >&2
      exit 1
    fi
    [ "$tries" != 120 ] || echo "waiting for another package manager"
    tries=$((tries - 1))
    sleep 5
  done
}

echo "installing:$missing"
packages update
# shellcheck disable=SC2086
packages install -y --no-install-recommends $missing
