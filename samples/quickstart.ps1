#!/usr/bin/env pwsh
# Creates renditions of a photo, end to end, on this machine: samples/quickstart.ps1 [photo]
$ErrorActionPreference = 'Stop'

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    [Console]::Error.WriteLine('The .NET 10 SDK is missing: see https://dotnet.microsoft.com/download')
    exit 1
}

[Console]::Error.WriteLine('Building the sample; the first time this takes a minute.')
$env:DOTNET_NOLOGO = '1'
# The tests build the sample with analyzers. Here they would only make the first build longer.
dotnet run --project (Join-Path $PSScriptRoot 'Quickstart') -c Release --property:RunAnalyzers=false -- @args
exit $LASTEXITCODE
