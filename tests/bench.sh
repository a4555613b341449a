#!/usr/bin/env bash
# Compares the client with a plain HttpClient and with Adobe's Node clients, prints one table, and writes it to docs/performance.md.
#   tests/bench.sh          fewer items, less than two minutes
#   tests/bench.sh --full   all items, more rounds, and the client as a native program
#   tests/bench.sh --throttling [--quick]  crowds of callers against limits of various shapes, compared with Adobe's client; about half an hour, writes no page
#   tests/bench.sh --brokers [--against <commit>] [--rounds <count>]  inboxes and the broker samples, with workers that are killed; writes no page
#   tests/bench.sh --workbench  the emulator's page with many jobs, and the memory that they retain; writes no page
#   tests/bench.sh --micro  the individual components, with BenchmarkDotNet; writes no page
set -euo pipefail

root="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)"
project="$root/tests/AssetCompute.Client.Benchmarks"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

program="$project/bin/Release/net10.0/AssetCompute.Client.Benchmarks.dll"

if [[ ${1:-} == --micro ]]; then
  shift
  dotnet build "$project" -c Release -v quiet >&2
  # BenchmarkDotNet searches for the project below the working directory.
  cd "$root"
  exec dotnet "$program" micro "$@"
fi

if [[ ${1:-} == --workbench ]]; then
  dotnet build "$project" -c Release -v quiet >&2
  exec dotnet "$program" workbench
fi

if [[ ${1:-} == --brokers ]]; then
  shift
  worker=tests/AssetCompute.Client.Inbox.Worker
  for built in "$project" "$root/$worker" "$root/samples/NatsWorker" "$root/samples/WolverineWorker"; do
    dotnet build "$built" -c Release -v quiet >&2
  done

  if [[ ${1:-} == --against ]]; then
    commit=$2
    shift 2
    other="$(mktemp -d)"
    trap 'rm -rf "$other"' EXIT
    git -C "$root" archive "$commit" | tar -x -C "$other"
    # The same worker, built against the libraries of that commit.
    mkdir -p "$other/$worker"
    cp "$root/$worker"/*.cs* "$other/$worker/"
    dotnet build "$other/$worker" -c Release -v quiet >&2
    set -- --against "$other" --commit "$commit" "$@"
  fi

  dotnet "$program" brokers "$@"
  exit
fi

peer="$(mktemp -d)"
trap 'wait; rm -rf "$peer"' EXIT
npm install --prefix "$peer" --no-audit --no-fund --no-package-lock --loglevel=error \
  @adobe/asset-compute-client@5.2.1 @adobe/aio-lib-events@4.1.0 >&2 &
installing=$!
dotnet build "$project" -c Release -v quiet >&2
wait "$installing"

if [[ ${1:-} == --throttling ]]; then
  shift
  dotnet "$program" throttling --node "$peer" "$@"
  exit
fi

if [[ " $* " == *" --full "* ]]; then
  published="$peer/native"
  dotnet publish "$project.Native" -c Release -r "$(dotnet --info | awk '$1 == "RID:" { print $2 }')" -p:Native=true -o "$published" -v quiet >&2
  set -- "$@" --native "$published/AssetCompute.Client.Benchmarks.Native"
fi

commit="$(git -C "$root" rev-parse --short HEAD)"
[[ -z "$(git -C "$root" status --porcelain -- src)" ]] || commit="$commit, with changes"
dotnet "$program" compare "$peer" "$root/docs/performance.md" "$commit" "$@"
