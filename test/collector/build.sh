#!/usr/bin/env bash
# Builds the Collector of manifest.yaml with Go and prints its path. The binary is cached outside of the repository, one for each
# content of the manifest. A build takes about three minutes on two cores.
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
  # The last step: an interrupted build leaves no binary.
  mv _build/otelcol-test "$binary"
fi
echo "$binary"
