#!/usr/bin/env bash
# Mutation testing of the core: Stryker makes small changes to the code, and counts the changes that the unit tests don't detect.
#   tests/mutate.sh                      the folders below, in sequence: an hour or more
#   tests/mutate.sh Http                 one folder of src/AssetCompute.Client
#   tests/mutate.sh Http/RetryAfter.cs   one file
# Tests a clone, so uncommitted changes aren't included. The last lines of the output give the paths of the reports.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
version=5.1.0
tool=${XDG_CACHE_HOME:-$HOME/.cache}/asset-compute-client/dotnet-stryker-$version
work=$(mktemp -d)
scores=()

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# With most mutations, the awaited event never occurs. This limit fails the test long before Stryker's timeout.
export ASSET_COMPUTE_TEST_PATIENCE=10

[[ -x $tool/dotnet-stryker ]] || dotnet tool install dotnet-stryker --version "$version" --tool-path "$tool" >&2

git clone --quiet "$root" "$work/clone"
cd "$work/clone/tests/AssetCompute.Client.Tests"
# The first failing test detects the mutation, so the run stops there.
mkdir -p bin/Debug/net10.0
echo '{ "stopOnFail": true }' >bin/Debug/net10.0/xunit.runner.json

(($#)) || set -- Authentication Jobs Journal Http
for folder in "$@"; do
  pattern="**/AssetCompute.Client/$folder"
  [[ $folder == *.cs ]] || pattern+="/**/*.cs"
  report=$work/$(tr '/*' '-_' <<<"$folder")
  "$tool/dotnet-stryker" --mutate "$pattern" --output "$report" --skip-version-check </dev/null 2>&1 | tee "$report.log"
  scores+=("$folder: $(grep -o 'final mutation score is .*' "$report.log" || echo 'no score')")
done

printf '%s\n' "${scores[@]}" "Reports: $work/*/reports/mutation-report.json"
