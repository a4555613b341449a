using System.Text.Json.Nodes;
using AssetCompute.Emulator;
using AssetExport.Demo;

namespace AssetCompute.Client.ExportTests;

/// <summary>Tests that the application's log contains no secrets at the most verbose level, for successful and failed exports.</summary>
public sealed class LoggedSecretsTests(ExportServers servers) : ExportTest(servers)
{
    [Fact(Timeout = 1800_000)]
    public async Task Log_of_everything_that_can_be_logged_holds_no_secret()
    {
        await using ExportScene scene = await StartSceneAsync(configure: static options => options.Rendering.Mode = EmulatorRenderingMode.None);
        string containerUrl = scene.Settings["Destinations:azure:ContainerUrl"];
        string signature = Uri.UnescapeDataString(containerUrl.Split("sig=")[1].Split('&')[0]);
        const string ForgedSignature = "Zm9yZ2VkIHNpZ25hdHVyZSB0aGF0IG5vYm9keSBzaWduZWQ=";
        const string WrongSecret = "wr0ng-s3cret";
        (string Key, string Value)[] settings =
        [
            ("Logging:LogLevel:Default", "Trace"),
            ("Logging:LogLevel:Microsoft.AspNetCore", "Trace"),
            ("Logging:LogLevel:System.Net.Http.HttpClient", "Trace"),
            ("Logging:Console:FormatterOptions:IncludeScopes", "true"),
            ("Export:MaxAttempts", "2"),
            ("Export:RetryDelay", "00:00:00.100"),
            ("RenditionStorage:Type", "Emulator"),
            ("Destinations:folder:Renditions:0:Name", "web.png"),
            ("Destinations:forged:Type", "AzureBlobs"),
            ("Destinations:forged:ContainerUrl", containerUrl.Replace(Uri.EscapeDataString(signature), Uri.EscapeDataString(ForgedSignature), StringComparison.Ordinal).Replace(signature, ForgedSignature, StringComparison.Ordinal)),
            ("Destinations:wrong:Type", "Marketo"),
            ("Destinations:wrong:RestHost", scene.Marketo.Endpoint.AbsoluteUri),
            ("Destinations:wrong:ClientId", MarketoServer.ClientId),
            ("Destinations:wrong:ClientSecret", WrongSecret),
            ("Destinations:wrong:FolderId", "1"),
            ("Destinations:closed:Type", "AzureBlobs"),
            ("Destinations:closed:ContainerUrl", $"{ExportScene.FreeUrl()}container?sv=2021-12-02&sig={ForgedSignature}"),
        ];
        foreach ((string key, string value) in settings)
        {
            scene.Settings[key] = value;
        }

        ApplicationProcess application = await scene.StartApplicationAsync("both", Cancellation);
        await EnableWebhookAsync(scene);
        scene.Emulator.Faults.Next(EmulatorOperation.AemRead, EmulatorFault.Truncate());
        scene.Emulator.Faults.Next(EmulatorOperation.AemMetadata, EmulatorFault.Answer(500), calls: 4);
        await scene.AddGeneratedAssetAsync("a.png", 50_000, "folder,azure,s3,marketo", isImmediate: true, Cancellation);
        await scene.AddGeneratedAssetAsync("b.jpg", 50_000, "azure,forged,wrong,closed", isImmediate: true, Cancellation);
        scene.Publish();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(15));
        await application.WaitAsync(
            static status => Total(status, "exported") == 5 && Total(status, "failed") == 2 && Total(status, "waiting") == 1, limit.Token);
        scene.Emulator.RevokeTokens();
        await scene.AddGeneratedAssetAsync("c.jpg", 50_000, "azure", isImmediate: true, Cancellation);
        scene.Publish();
        JsonNode status = await application.WaitAsync(static status => Total(status, "exported") == 6, Cancellation);
        await application.KillAsync();

        string log = await File.ReadAllTextAsync(application.LogFile, Cancellation);
        TestContext.Current.TestOutputHelper!.WriteLine("{0} lines of log, {1} of them of exceptions.", log.Count(static character => character == '\n'), log.Split("Exception:").Length - 1);
        Assert.Contains("trce:", log, StringComparison.Ordinal);
        Assert.Contains("to 'azure'", log, StringComparison.Ordinal);
        Assert.Contains("Exception:", log, StringComparison.Ordinal);
        foreach (string text in (string[])[log, status.ToJsonString()])
        {
            Assert.All(
                (string[])
                [
                    "sig=", signature, Uri.EscapeDataString(signature), ForgedSignature, WrongSecret, MarketoServer.ClientSecret, EmulatorClient.WellKnown.ClientSecrets[0],

                    // The beginning of every JSON Web Token, such as an access token.
                    "eyJ", "client_secret=",
                ],
                secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotMatch("(?i)bearer [0-9a-z]", text);
        }
    }
}
