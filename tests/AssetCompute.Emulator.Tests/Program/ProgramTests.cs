using System.Diagnostics;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

public sealed class ProgramTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Program_prints_settings_and_ends_cleanly_when_told()
    {
        using var program = await EmulatorProcess.StartAsync("--port", "0");
        using var client = new ServiceClient(program.Endpoint);
        await client.SignInAsync();
        await client.RegisterAsync();

        using var kill = Process.Start("kill", ["-INT", $"{program.Id}"]);
        var exitCode = await program.WaitForExitAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains("AssetCompute__ClientId=emulator-client", program.Output, StringComparison.Ordinal);
        var json = JsonNode.Parse(program.Output[..(program.Output.LastIndexOf('}') + 1)])!;
        Assert.Equal("emulator@AdobeOrg", json["AssetCompute"]!["OrganizationId"]!.GetValue<string>());
        Assert.Equal(program.Endpoint.AbsoluteUri, json["AssetCompute"]!["Endpoint"]!.GetValue<string>());
    }

    [Fact]
    public async Task Program_with_https_says_where_its_certificate_is_and_how_long_readers_wait()
    {
        using var folder = new TempFolder();
        using var program = await EmulatorProcess.StartAsync("--port", "0", "--https-port", "0", "--data", folder.Path, "--journal-retry-after", "10");
        using var client = new ServiceClient(program.Endpoint);
        await client.SignInAsync();
        await client.RegisterAsync();

        using var journal = await client.GetJournalAsync();
        using var kill = Process.Start("kill", ["-INT", $"{program.Id}"]);
        await program.WaitForExitAsync();

        var file = program.Output.Split("NODE_EXTRA_CA_CERTS=")[1].Split('\n')[0].Trim();
        Assert.StartsWith(folder.Path, file, StringComparison.Ordinal);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", await File.ReadAllTextAsync(file, Cancellation), StringComparison.Ordinal);
        Assert.Equal("10", journal.Headers.GetValues("retry-after").Single());
    }

    [Fact]
    public async Task Program_that_cannot_start_says_why_in_one_line()
    {
        await using var taken = await AssetComputeEmulator.StartAsync(Cancellation);

        var (exitCode, output) = await EmulatorProcess.FailAsync("--port", $"{taken.Endpoint.Port}");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("The emulator cannot start: ", output, StringComparison.Ordinal);
        Assert.Single(output.Trim().Split('\n'));
    }

    [Fact]
    public async Task Program_on_an_address_of_another_machine_or_with_a_wrong_script_says_so_in_one_line()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["script.json"], """{"faults":[{"operation":"Token","delayMilliseconds":1e300}]}""", Cancellation);

        var (foreign, address) = await EmulatorProcess.FailAsync("--address", "203.0.113.7");
        var (wrong, script) = await EmulatorProcess.FailAsync("--script", folder["script.json"]);

        Assert.Equal((1, 1), (foreign, wrong));
        Assert.StartsWith("The emulator cannot start: The emulator cannot listen on 203.0.113.7:0: ", address, StringComparison.Ordinal);
        Assert.Single(address.Trim().Split('\n'));
        Assert.StartsWith("The emulator cannot start: The script has a value out of its range: ", script, StringComparison.Ordinal);
        Assert.Single(script.Trim().Split('\n'));
    }

    [Fact]
    public async Task Program_on_a_data_folder_of_an_earlier_version_says_what_to_do_in_one_line()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["data/blobs"]);
        await File.WriteAllTextAsync(folder["data/blobs/x.json"], "{}", Cancellation);

        var (code, text) = await EmulatorProcess.FailAsync("--data", folder["data"]);

        Assert.Equal(1, code);
        Assert.StartsWith($"The emulator cannot start: The data folder '{folder["data"]}/blobs' was written by another version", text, StringComparison.Ordinal);
        Assert.Contains("empty folder", text, StringComparison.Ordinal);
        Assert.Single(text.Trim().Split('\n'));
    }

    [Fact]
    public async Task Killed_under_load_and_started_again_it_has_every_event_and_finishes_every_job()
    {
        using var folder = new TempFolder();
        var accepted = new HashSet<string>();
        var seen = new HashSet<string>();
        var port = "0";
        for (var round = 0; round < 3; round++)
        {
            using var program = await EmulatorProcess.StartAsync("--port", port, "--data", folder["data"], "--no-render", "--event-delay", "0");
            port = $"{program.Endpoint.Port}";
            using var client = new ServiceClient(program.Endpoint);
            await client.SignInAsync();
            await client.RegisterAsync();
            var target = await WriteUrlAsync(client);
            for (var i = 0; i < 60; i++)
            {
                accepted.Add(await client.ProcessAsync("data:,x", new JsonObject { ["fmt"] = "png", ["target"] = target }));
            }

            // The emulator has acknowledged these events, and is killed while it still processes the last requests.
            using var page = await client.GetJournalAsync("?limit=100000");
            seen.UnionWith(Positions(page.StatusCode == System.Net.HttpStatusCode.OK ? await ServiceClient.JsonAsync(page) : null));
            await program.KillAsync();
        }

        using var last = await EmulatorProcess.StartAsync("--port", port, "--data", folder["data"], "--no-render", "--event-delay", "0");
        using var reader = new ServiceClient(last.Endpoint);
        await reader.SignInAsync();
        await reader.RegisterAsync();
        var finished = new HashSet<string>();
        var positions = new HashSet<string>();
        var started = Stopwatch.GetTimestamp();
        while (!accepted.IsSubsetOf(finished))
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < ServiceClient.Patience, $"{finished.Count} of {accepted.Count} jobs were finished.");
            using var page = await reader.GetJournalAsync("?limit=100000");
            if (page.StatusCode == System.Net.HttpStatusCode.OK)
            {
                var json = await ServiceClient.JsonAsync(page);
                positions = [.. Positions(json)];
                finished = [.. json["events"]!.AsArray().Select(entry => entry!["event"]!["requestId"]!.GetValue<string>())];
            }
        }

        Assert.Equal(180, accepted.Count);
        Assert.NotEmpty(seen);
        Assert.Subset(positions, seen);
    }

    private static async Task<string> WriteUrlAsync(ServiceClient client)
    {
        using var response = await client.Http.PostAsync(
            "/emulator/urls", new StringContent("""{"name":"x","permission":"write"}"""), Cancellation);
        return (await ServiceClient.JsonAsync(response))["url"]!.GetValue<string>();
    }

    private static IEnumerable<string> Positions(JsonObject? page) =>
        page?["events"]!.AsArray().Select(entry => entry!["position"]!.GetValue<string>()) ?? [];
}
