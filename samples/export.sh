#!/usr/bin/env bash
# Exports assets from AEM as they are published, end to end, on this machine: samples/export.sh [--assets 200] [--sqlite] [--keep]
set -euo pipefail

samples=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)

if ! command -v dotnet >/dev/null; then
  echo "The .NET 10 SDK is missing: see https://dotnet.microsoft.com/download" >&2
  exit 1
fi

if ! command -v npm >/dev/null; then
  echo "Node.js with npm is missing, which the S3 server and Azurite run on: see https://nodejs.org/" >&2
  exit 1
fi

if [[ " $* " != *" --sqlite "* ]]; then
  "$samples/install-postgresql.sh"
fi

# "exec" replaces this process, so a signal to the script reaches the program, which then cleans up.
configuration=${CONFIGURATION:-Release}
echo "Building the sample; the first time this takes a minute." >&2
DOTNET_NOLOGO=1 dotnet build "$samples/AssetExport.Demo" -c "$configuration" -v q -nologo >&2
exec dotnet "$samples/AssetExport.Demo/bin/$configuration/net10.0/AssetExport.Demo.dll" "$@"
