#!/bin/bash
# Installs a software Vulkan driver that WebGPU takes (Mesa lavapipe, 24 or later) on Debian and its like. As root.
# Debian 12 itself has 22.3, which is too old; its backports suite has a newer one. Where that suite is not known to apt, an
# entry is added that differs from the machine's own entry for its release in the suite alone, so that a mirror is kept.
set -euo pipefail

. /etc/os-release
release=${VERSION_CODENAME:?/etc/os-release names no release}
backports=$release-backports
folder=/etc/apt/sources.list.d
export DEBIAN_FRONTEND=noninteractive

# Version that apt would install, with the given options.
candidate() { apt-cache "$@" policy mesa-vulkan-drivers | awk '/Candidate:/ { print $2 }'; }
new_enough() { [ -n "$1" ] && [ "$1" != "(none)" ] && dpkg --compare-versions "$1" ge 24; }

# The first deb822 stanza (stdin: files joined by empty lines) of the release, its suite replaced.
stanza_for_backports() {
  awk -v release="$release" -v backports="$backports" '
    BEGIN { RS = ""; FS = "\n" }
    {
      types = suites = 0; disabled = 0; text = ""
      for (i = 1; i <= NF; i++) {
        line = $i
        if (line ~ /^#/) continue
        if (line ~ /^Types:.*deb( |$)/) types = 1
        if (line ~ /^Enabled: *no/) disabled = 1
        if (line ~ /^Suites:/ && (" " line " ") ~ (" " release " ")) { suites = 1; line = "Suites: " backports }
        text = text line "\n"
      }
      if (types && suites && !disabled) { printf "%s", text; exit }
    }'
}

# The first one-line entry of the release, its suite replaced.
line_for_backports() {
  awk -v release="$release" -v backports="$backports" '
    $1 == "deb" { for (i = 2; i <= NF; i++) if ($i == release) { $i = backports; print; exit } }'
}

add_backports() {
  local entry
  shopt -s nullglob
  entry=$(for file in "$folder"/*.sources; do cat "$file"; echo; done | stanza_for_backports)
  if [ -n "$entry" ]; then
    printf '%s\n' "$entry" > "$folder/$backports.sources"
    return
  fi
  entry=$({ cat /etc/apt/sources.list "$folder"/*.list 2> /dev/null || true; } | line_for_backports)
  if [ -z "$entry" ]; then
    echo "found no apt entry of $release to take the mirror from" >&2
    exit 1
  fi
  printf '%s\n' "$entry" > "$folder/$backports.list"
}

apt-get update -qq
options=()
if ! new_enough "$(candidate)"; then
  options=(-t "$backports")
  if ! new_enough "$(candidate "${options[@]}" 2> /dev/null)"; then
    add_backports
    apt-get update -qq
  fi
  if ! new_enough "$(candidate "${options[@]}")"; then
    echo "neither $release nor $backports has mesa-vulkan-drivers 24 or later" >&2
    exit 1
  fi
fi
apt-get install -y -qq --no-install-recommends "${options[@]}" mesa-vulkan-drivers libvulkan1
