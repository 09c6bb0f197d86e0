#!/usr/bin/env bash
# Builds the Collector of manifest.yaml with Go, once for each content of the manifest (about three minutes on two cores), and
# prints where it is. The cache folder is outside of the repository.
set -euo pipefail
manifest=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/manifest.yaml
version=$(sed -n 's/^ *version: //p' "$manifest")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/slack-audit-receiver
binary=$cache/collector-$(cksum <"$manifest" | cut -d ' ' -f 1)
if [ ! -x "$binary" ]; then
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/building-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  cd "$work"
  {
    GOBIN=$work go install "go.opentelemetry.io/collector/cmd/builder@v$version"
    ./builder --config="$manifest"
  } >&2
  # The last step, so that a build that broke off leaves nothing that looks like one.
  mv _build/otelcol-test "$binary"
fi
echo "$binary"
