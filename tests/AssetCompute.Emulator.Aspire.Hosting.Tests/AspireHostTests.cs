using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using AssetCompute.Client.Tests;

namespace AssetCompute.Emulator.AppHost.Tests;

/// <summary>The sample app host: the web sample renders a photo through the emulator.</summary>
public sealed class AspireHostTests(EmulatorPackage package) : IClassFixture<EmulatorPackage>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    private string[] Arguments => [$"--EmulatorPackages={package.Folder}", $"--EmulatorVersion={package.Version}"];

    [Fact]
    public async Task Web_UnderTheAppHost_RendersAPhotographThroughTheEmulator()
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        await using IDistributedApplicationTestingBuilder builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AspireHost>(Arguments, patience.Token);
        await using DistributedApplication application = await builder.BuildAsync(patience.Token);
        await application.StartAsync(patience.Token);

        await application.ResourceNotifications.WaitForResourceHealthyAsync("assets", patience.Token);
        await application.ResourceNotifications.WaitForResourceHealthyAsync("web", patience.Token);
        using HttpClient web = application.CreateHttpClient("web");
        web.Timeout = s_patience;
        using ByteArrayContent photograph = new(await File.ReadAllBytesAsync(Path.Combine(RepositoryRoot.Path, "samples", "Quickstart", "photos", "picos-de-europa.jpg"), patience.Token));
        photograph.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using HttpResponseMessage accepted = await web.PostAsync("photographs?name=photo.jpg", photograph, patience.Token);
        JsonObject job = (await accepted.Content.ReadFromJsonAsync<JsonObject>(patience.Token))!;
        string events = await web.GetStringAsync($"photographs/{job["id"]}/events", patience.Token);

        Assert.Contains("\"kind\":\"done\"", events, StringComparison.Ordinal);
        using HttpResponseMessage card = await web.GetAsync($"photographs/{job["id"]}/card.jpg", patience.Token);
        Assert.True(card.IsSuccessStatusCode, events);
        Assert.Equal("Healthy", await web.GetStringAsync("health", patience.Token));
        using HttpClient emulator = application.CreateHttpClient("assets");
        Assert.Contains("/process", await emulator.GetStringAsync("emulator/calls", patience.Token), StringComparison.Ordinal);
    }

    /// <summary>Starts the built program too, because the test build sets the configuration that the app host needs.</summary>
    [Fact]
    public async Task AppHost_StartedAsAProgram_ShowsItsDashboard()
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(s_patience);
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string dashboard = $"http://127.0.0.1:{FreePort()}";
        using Process host = new()
        {
            StartInfo = new ProcessStartInfo("dotnet", [Path.Combine(RepositoryRoot.Path, "samples", "AspireHost", "bin", configuration, "net10.0", "AspireHost.dll"), .. Arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment =
                {
                    ["ASPNETCORE_URLS"] = dashboard,
                    ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://127.0.0.1:{FreePort()}",
                    ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://127.0.0.1:{FreePort()}",
                    ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
                },
            },
        };
        StringBuilder output = new();
        host.OutputDataReceived += (_, line) => Append(line.Data);
        host.ErrorDataReceived += (_, line) => Append(line.Data);
        host.Start();
        host.BeginOutputReadLine();
        host.BeginErrorReadLine();
        try
        {
            using HttpClient http = new();
            HttpStatusCode? status = null;
            while (status is null && !host.HasExited)
            {
                try
                {
                    using HttpResponseMessage page = await http.GetAsync(new Uri(dashboard + "/login"), patience.Token);
                    status = page.StatusCode;
                }
                catch (HttpRequestException)
                {
                    await Task.Delay(200, patience.Token);
                }
            }

            Assert.True(status == HttpStatusCode.OK, $"{status}\n{Text()}");
        }
        finally
        {
            // The app host stops its resources on a normal shutdown.
            if (!host.HasExited)
            {
                using Process interrupt = Process.Start("kill", ["-INT", host.Id.ToString(CultureInfo.InvariantCulture)]);
                await interrupt.WaitForExitAsync(patience.Token);
                await host.WaitForExitAsync(patience.Token);
            }
        }

        void Append(string? line)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }

        string Text()
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
