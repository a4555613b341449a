#!/usr/bin/env bash
# Installs what the tests need, builds once, runs all tests, checks the format of the code, and ends with one line: N passed, N failed[, N skipped]
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
results=$root/TestResults
passed=0 failed=0 skipped=0

# The last line always gives the counts. A run that fails for another reason counts one failure.
finish() {
  local status=$?
  if [[ -n ${SharedCompilationId:-} ]]; then
    pkill -f "VBCSCompiler.*$SharedCompilationId([^0-9]|\$)" || true
  fi
  if ((status == 0 && passed == 0)); then
    echo "No test has run." >&2
    status=1
  fi
  if ((status != 0 && failed == 0)); then
    failed=1
  fi
  if ((failed > 0 && status == 0)); then
    status=1
  fi
  if ((skipped > 0)); then
    echo "$passed passed, $failed failed, $skipped skipped"
  else
    echo "$passed passed, $failed failed"
  fi
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

source "$root/samples/install-package.sh"

has_chromium() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
    || [[ -d "/Applications/Chromium.app" || -d "/Applications/Google Chrome.app" ]]
}

# Adds up the counts in all result files. A test that neither passed nor failed was skipped.
count_results() {
  local counters bad
  for file in "$results"/*.trx; do
    [[ -e $file ]] || continue
    counters=$(grep -o '<Counters [^>]*' "$file" || true)
    bad=$(($(counter failed) + $(counter error) + $(counter timeout) + $(counter aborted)))
    passed=$((passed + $(counter passed)))
    failed=$((failed + bad))
    skipped=$((skipped + $(counter total) - $(counter passed) - bad))
  done
}

counter() {
  local value
  value=$(sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$counters")
  echo "${value:-0}"
}

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 NO_COLOR=1 MSBUILDTERMINALLOGGER=off
unset FORCE_COLOR

# The script cannot install the SDK and Node.
major() { [[ $1 =~ ^v?([0-9]+) ]] && echo "${BASH_REMATCH[1]}" || echo 0; }
sdk=$(dotnet --version 2>/dev/null || true)
if (($(major "$sdk") < 10)); then
  echo "The .NET 10 SDK is missing (dotnet --version: ${sdk:-not found}): https://dotnet.microsoft.com/download" >&2
  exit 1
fi
node=$(node --version 2>/dev/null || true)
if ! command -v npm >/dev/null || (($(major "$node") < 20)); then
  echo "Node 20 or later with npm is missing (node --version: ${node:-not found}): https://nodejs.org. Tests with Adobe's Node clients, S3 and Azurite will fail." >&2
fi

"$root/tests/install-imagemagick.sh"
command -v gs >/dev/null || install_package ghostscript https://ghostscript.com --no-install-recommends || echo "Ghostscript could not be installed; tests of PDF sources will fail." >&2
has_chromium || install_package chromium https://www.chromium.org --no-install-recommends || echo "Chromium could not be installed; tests of pages may fail." >&2
# Native compilation links with these.
if [[ $(uname) == Linux ]]; then
  command -v clang >/dev/null || command -v gcc >/dev/null || install_package clang https://clang.llvm.org --no-install-recommends || echo "clang could not be installed; the test of a native program will fail." >&2
  [[ -e /usr/include/zlib.h ]] || install_package zlib1g-dev https://zlib.net --no-install-recommends || true
fi
command -v rabbitmq-server >/dev/null || [[ -x /usr/sbin/rabbitmq-server ]] || install_package rabbitmq-server https://www.rabbitmq.com --no-install-recommends || echo "RabbitMQ could not be installed; tests of brokers will fail." >&2
command -v nats-server >/dev/null || [[ -x /usr/sbin/nats-server ]] || install_package nats-server https://nats.io --no-install-recommends || echo "The NATS server could not be installed; tests of brokers will fail." >&2
[[ -x /usr/sbin/sshd ]] || command -v sshd >/dev/null || install_package openssh-server https://www.openssh.com --no-install-recommends || echo "OpenSSH's server could not be installed; tests of SFTP will fail." >&2
[[ -x /usr/sbin/apache2 ]] || command -v httpd >/dev/null || install_package apache2 https://httpd.apache.org --no-install-recommends || echo "Apache could not be installed; tests of WebDAV will fail." >&2
command -v prometheus >/dev/null || install_package prometheus https://prometheus.io/download --no-install-recommends || echo "Prometheus could not be installed; the test of the dashboard will fail." >&2
"$root/samples/install-postgresql.sh" || echo "PostgreSQL could not be installed; tests of its inbox will fail." >&2

# One folder for each package.json, as tests/Shared/Storage/NodePackages.cs expects it. The test of a package that fails here tries again.
install_node_packages() {
  local description folder name
  while IFS= read -r description; do
    name=$(sed -n 's/^ *"name": "\(.*\)",$/\1/p' "$description")
    folder=$root/artifacts/node/$name
    if ! cmp -s "$description" "$folder/.complete"; then
      mkdir -p "$folder"
      cp "$description" "$folder/package.json"
      (cd "$folder" && npm install --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error </dev/null >&2) && cp "$description" "$folder/.complete"
    fi
  done < <(find "$root/tests" -name 'package*.json' -not -path '*/node_modules/*' -not -path '*/bin/*' -not -path '*/obj/*')
}
install_node_packages || echo "npm packages could not be installed; tests with Adobe's Node clients, S3 and Azurite will fail." >&2
dotnet restore "$root/AssetCompute.Client.sln" -v quiet </dev/null

echo "Installed after $SECONDS s." >&2
SECONDS=0
rm -rf "$results"
mkdir -p "$results"

# A script that is started in the background ignores SIGINT, and programs inherit this. The tests that send SIGINT would wait forever.
with_signals=()
if env --default-signal=INT true 2>/dev/null; then
  with_signals=(env --default-signal=INT)
fi

# Two mappings of compiled code protect against attacks, and cost up to a tenth of the processor time of short programs.
export DOTNET_EnableWriteXorExecute=0

# Profile-guided recompilation does not pay off in builds, and in programs that end within seconds.
export DOTNET_TieredPGO=0

# All projects, and those that tests build, share a compiler. Its name is unique to this run, so that only this compiler is stopped.
export UseSharedCompilation=true SharedCompilationId=asset-compute-$$
dotnet build "$root/AssetCompute.Client.sln" -c Release --no-restore -v quiet -nologo </dev/null
echo "Built after $SECONDS s." >&2

# Each project writes a result file and a log. The log is shown if a test fails.
test_project() {
  local project=$1 threads=$2 log=$results/$1.log failed=0 TIMEFORMAT="$1 took %0R s, and %0U + %0S s of processor time."
  cd "$root/tests/$project/bin/Release/net10.0"
  time "./$project" -noLogo -noColor -maxThreads "$threads" -result-trx "$results/$project.trx" </dev/null >"$log" 2>&1 || failed=1
  if ((failed)); then
    cat "$log"
  else
    tail -n 1 "$log"
  fi
  return "$failed"
}

# The build checks the other rules of style, and ImportsTests the order of the imports.
check_format() {
  local TIMEFORMAT="The format took %0R s, and %0U + %0S s of processor time."
  time dotnet format whitespace "$root" --folder --exclude artifacts --verify-no-changes </dev/null || {
    echo "The code is not formatted: run 'dotnet format AssetCompute.Client.sln'." >&2
    return 1
  }
}

# Runs one step: the check of the format, or a test project with a number of tests at once for each processor.
run_step() {
  if [[ $2 == format ]]; then check_format; else test_project "$2" "$1"; fi
}
export -f run_step test_project check_format
export root results

# Two steps run at a time, and the next one starts when one ends. The tests of the packages and of the export keep both processors busy, and those beside them
# mostly wait.
steps=(
  "2x AssetCompute.Client.PackageTests"
  "1x AssetCompute.Client.BrokerTests"
  "1x AssetCompute.Emulator.Aspire.Hosting.Tests"
  "1x AssetCompute.Client.Inbox.Tests"
  "1x AssetCompute.Client.AmazonS3.Tests"
  "2x AssetCompute.Client.ExportTests"
  "1x AssetCompute.Client.PostgreSql.Tests"
  "1x AssetCompute.Client.AzureBlobs.Tests"
  "1x AssetCompute.Client.Tests"
  "1x format"
  "2x AssetCompute.Emulator.Tests"
  "2x AssetCompute.Client.IntegrationTests"
)
for project in "$root"/tests/*Tests/; do
  project=$(basename "$project")
  [[ "${steps[*]} " == *" $project "* ]] || steps+=("1x $project")
done
status=0
printf '%s\n' "${steps[@]}" | ${with_signals[@]+"${with_signals[@]}"} xargs -P 2 -I {} bash -c "run_step {}" || status=1
count_results
echo "Done after $SECONDS s." >&2
exit "$status"
