#!/usr/bin/env bash
# Creates renditions of a photo, end to end, on this machine: samples/quickstart.sh [photo]
set -euo pipefail

samples=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)

if ! command -v dotnet >/dev/null; then
  echo "The .NET 10 SDK is missing: see https://dotnet.microsoft.com/download" >&2
  exit 1
fi

echo "Building the sample; the first time this takes a minute." >&2
# The tests build the sample with analyzers. Here they would only make the first build longer.
DOTNET_NOLOGO=1 exec dotnet run --project "$samples/Quickstart" -c Release --property:RunAnalyzers=false -- "$@"
