using System.Globalization;
using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace AssetExport;

/// <summary>Checks everything that the export needs by using it, with the same classes as the export.</summary>
internal sealed class SetupChecks(IServiceProvider services)
{
    public const string Account = "account";
    public const string Journal = "journal";
    public const string Webhook = "webhook";
    public const string Aem = "AEM";
    public const string Database = "database";

    private static readonly TimeSpan s_timeLimit = TimeSpan.FromSeconds(30);

    /// <summary>The checks for this configuration, in order: the name, what to do if it fails, and what was seen. It throws <see cref="NotSupportedException"/> if it can't check.</summary>
    private IEnumerable<(string Name, string Advice, Func<CancellationToken, Task<string>> RunAsync)> All
    {
        get
        {
            StatusSettings status = services.GetRequiredService<StatusSettings>();
            yield return (Database, "Set Database to a file that can be written, or to the connection string of a running PostgreSQL server.", CheckDatabaseAsync);
            yield return (Account, "Compare AssetCompute with the OAuth Server-to-Server credential of the project in the Developer Console: ClientId, ClientSecrets, OrganizationId, Scopes.", CheckAccountAsync);
            if (status.Mode != ExportMode.Realtime)
            {
                yield return (Journal, "Copy the journal's URL from the registration details in the Developer Console into Journal:Url. The account must belong to the same project.", CheckJournalAsync);
            }

            if (status.Mode != ExportMode.Batch)
            {
                string forward = $"Forward https://<your host>{status.WebhookPath} to {status.WebhookUrls[0]}, then choose Webhook in the registration details of the Developer Console.";
                yield return (Webhook, forward, static _ => throw new NotSupportedException("Only Adobe can tell whether it reaches the webhook."));
            }

            yield return (Aem, "Check Aem:Author. Give the technical account read access to /content/dam, or set Aem:Account:CredentialsFile to AEM's service credentials.", CheckAemAsync);
            if (services.GetService<IAssetStorage>() is { } storage)
            {
                yield return ("rendition storage", "Check the section RenditionStorage: the export must write, read and delete there.", token => new StorageDestination(storage, "", "").ProbeAsync(token));
            }

            foreach (ExportDestination destination in services.GetRequiredService<DestinationDirectory>().All)
            {
                yield return (
                    DestinationCheck(destination.Name),
                    "Check the section of this destination: address, credentials, and the right to write and delete. Or publish one asset for it, and look at the status page.",
                    async token => $"{destination.Type}: {await destination.Target.ProbeAsync(token)}.");
            }
        }
    }

    public static string DestinationCheck(string name) => $"destination '{name}'";

    /// <summary>Runs the checks of an application.</summary>
    /// <param name="create">Creates the application. If that fails, it is the only finding.</param>
    /// <param name="names">The names of the checks; null for all.</param>
    /// <param name="console">Shows the progress; null for no progress.</param>
    public static async Task<List<SetupFinding>> RunAsync(Func<WebApplication> create, string[]? names, IAnsiConsole? console, CancellationToken cancellationToken)
    {
        try
        {
            List<SetupFinding> findings = [];
            await using WebApplication app = create();
            SetupChecks checks = new(app.Services);
            foreach ((string name, string advice, Func<CancellationToken, Task<string>> run) in checks.All.Where(check => names is null || names.Contains(check.Name, StringComparer.Ordinal)))
            {
                findings.Add(console is null
                    ? await RunAsync(name, advice, run, cancellationToken)
                    : await console.Status().StartAsync($"Checking: {Markup.Escape(name)}", _ => RunAsync(name, advice, run, cancellationToken)));
            }

            return findings;
        }
        catch (Exception exception) when (exception is SettingsException or ArgumentException or InvalidDataException or IOException)
        {
            return [new SetupFinding(names?[0] ?? "settings", SetupResult.Failed, exception.Message, "Correct this setting. docs/export-settings.md lists all of them.")];
        }
    }

    private static async Task<SetupFinding> RunAsync(string name, string advice, Func<CancellationToken, Task<string>> run, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_timeLimit);
        try
        {
            return new SetupFinding(name, SetupResult.Ok, await run(limit.Token));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            string seen = exception switch
            {
                OperationCanceledException => string.Create(CultureInfo.InvariantCulture, $"No answer within {s_timeLimit.TotalSeconds:0} seconds."),
                OptionsValidationException invalid => string.Join(' ', invalid.Failures),
                _ => exception.Message,
            };
            return new SetupFinding(name, exception is NotSupportedException ? SetupResult.NotChecked : SetupResult.Failed, seen, advice);
        }
    }

    private async Task<string> CheckDatabaseAsync(CancellationToken cancellationToken)
    {
        long exports = (await services.GetRequiredService<ExportLedger>().CountAsync(cancellationToken)).Sum(static count => count.Count);
        string where = services.GetRequiredService<LedgerDatabase>().IsPostgreSql ? "PostgreSQL" : "SQLite";
        return string.Create(CultureInfo.InvariantCulture, $"{where} can be read and written; it contains {exports:N0} exports.");
    }

    private async Task<string> CheckAccountAsync(CancellationToken cancellationToken)
    {
        AccessToken token = await services.GetRequiredKeyedService<IAccessTokenProvider>(Options.DefaultName).GetTokenAsync(null, cancellationToken);
        return $"Adobe issued an access token, valid until {token.ExpiresOn.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC.";
    }

    private async Task<string> CheckJournalAsync(CancellationToken cancellationToken)
    {
        JournalReadOptions options = new()
        {
            Journal = services.GetRequiredService<IConfiguration>().GetSection("Journal").RequiredUrl("Url"),
            PageSize = 1,
            StopWhenCaughtUp = true,
            OnNotice = static notice =>
            {
                // The reader would retry for as long as the application runs.
                if (notice is JournalRetrying retrying)
                {
                    throw new InvalidOperationException(retrying.Exception.Message, retrying.Exception);
                }
            },
        };
        bool hasEvents = await services.GetRequiredService<IJournalReader>().ReadAsync(JournalPosition.Oldest, options, cancellationToken).AnyAsync(cancellationToken);
        return hasEvents ? "It can be read, and has events." : "It can be read, and has no event yet.";
    }

    private async Task<string> CheckAemAsync(CancellationToken cancellationToken)
    {
        AemAuthor author = services.GetRequiredService<AemAuthor>();
        await foreach (ListedAsset asset in author.ListAsync(AssetPath.Root, cancellationToken))
        {
            AssetMetadata metadata = await author.GetMetadataAsync(asset.Path, cancellationToken) ?? throw new AemException($"'{asset.Path}' is listed, but its metadata can't be read.");
            await using AssetContentStream original = await AssetContentStream.OpenAsync(author, asset.Path, metadata.Size, metadata.Sha1, cancellationToken);
            return $"{asset.Path} can be read: metadata and original ({PageText.Size(original.Length)}).";
        }

        return $"{AssetPath.Root} can be listed, and has no asset yet.";
    }
}
