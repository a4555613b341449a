using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using AssetCompute.Client.Tests;

namespace AssetCompute.Client.IntegrationTests.Docs;

/// <summary>A Prometheus server on a free local port that scrapes the specified addresses once per second.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private PrometheusServer(Process process, Uri address)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = address };
    }

    /// <summary>Starts the server with its data and configuration in a folder, and waits until it is ready.</summary>
    public static async Task<PrometheusServer> StartAsync(string folder, string rules, params Uri[] targets)
    {
        string configuration = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(configuration, $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: ["{{rules}}"]
            scrape_configs:
              - job_name: samples
                static_configs: [{ targets: [{{string.Join(", ", targets.Select(target => $"'{target.Authority}'"))}}] }]
            """);
        while (true)
        {
            int port = FreePort();
            ProcessStartInfo start = new("prometheus", [$"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(folder, "data")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"])
            {
                RedirectStandardError = true,
            };
            PrometheusServer server = new(Process.Start(start)!, new Uri($"http://127.0.0.1:{port}"));
            Task<string> errors = server._process.StandardError.ReadToEndAsync();
            if (await server.IsReadyAsync().InTimeAsync("Prometheus is ready"))
            {
                return server;
            }

            string said = await errors;
            await server.DisposeAsync();
            Assert.True(said.Contains("address already in use", StringComparison.Ordinal), said);
        }
    }

    /// <summary>Returns the values of a query, one per series, or an empty list if there is no data.</summary>
    public async Task<IReadOnlyList<string>> QueryAsync(string expression)
    {
        using HttpResponseMessage response = await _http.PostAsync("api/v1/query", new FormUrlEncodedContent([new("query", expression)]));
        JsonNode answer = (await response.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.True((string?)answer["status"] == "success", $"{expression}: {answer}");
        return [.. answer["data"]!["result"]!.AsArray().Select(series => (string)series!["value"]![1]!)];
    }

    /// <summary>Returns the rules that the server evaluates, with their health and last error.</summary>
    public async Task<IReadOnlyList<(string Name, string Health, string Error)>> RulesAsync()
    {
        JsonNode answer = (await _http.GetFromJsonAsync<JsonNode>("api/v1/rules"))!;
        return [.. answer["data"]!["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray())
            .Select(rule => ((string)rule!["name"]!, (string)rule["health"]!, (string?)rule["lastError"] ?? ""))];
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> IsReadyAsync()
    {
        while (!_process.HasExited)
        {
            try
            {
                using HttpResponseMessage answer = await _http.GetAsync("-/ready");
                if (answer.IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (HttpRequestException)
            {
                // The server isn't listening yet.
            }

            await Task.Delay(100);
        }

        return false;
    }
}
