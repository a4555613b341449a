using System.Globalization;
using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using Microsoft.Extensions.Options;

namespace AssetExport;

/// <summary>Checks everything that the export needs by really using it, with the same classes as the export.</summary>
/// <param name="services">The services of the application, which is not started.</param>
/// <param name="timeLimit">The time limit of a check.</param>
internal sealed class SetupChecks(IServiceProvider services, TimeSpan timeLimit)
{
    public const string Account = "account";
    public const string Journal = "journal";
    public const string Webhook = "webhook";
    public const string Aem = "AEM";
    public const string Database = "database";
    public const string Renditions = "rendition storage";

    private const string Probe = "asset-export-probe";

    private readonly IConfiguration _configuration = services.GetRequiredService<IConfiguration>();
    private readonly StatusSettings _status = services.GetRequiredService<StatusSettings>();

    /// <summary>The checks for this configuration, in order.</summary>
    public IEnumerable<string> Names =>
    [
        Database,
        Account,
        .. _status.Mode == ExportMode.Realtime ? Enumerable.Empty<string>() : [Journal],
        .. _status.Mode == ExportMode.Batch ? Enumerable.Empty<string>() : [Webhook],
        Aem,
        .. services.GetService<IAssetStorage>() is null ? Enumerable.Empty<string>() : [Renditions],
        .. services.GetRequiredService<DestinationDirectory>().All.Select(static destination => DestinationCheck(destination.Name)),
    ];

    public static string DestinationCheck(string name) => $"destination '{name}'";

    /// <summary>Runs a check. Throws only if it is cancelled.</summary>
    public async Task<SetupFinding> RunAsync(string name, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeLimit);
        try
        {
            return await (name switch
            {
                Database => CheckDatabaseAsync(limit.Token),
                Account => CheckAccountAsync(limit.Token),
                Journal => CheckJournalAsync(limit.Token),
                Webhook => Task.FromResult(CheckWebhook()),
                Aem => CheckAemAsync(limit.Token),
                Renditions => CheckRenditionsAsync(limit.Token),
                _ => CheckDestinationAsync(services.GetRequiredService<DestinationDirectory>().All.Single(destination => DestinationCheck(destination.Name) == name), limit.Token),
            });
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            string seen = exception switch
            {
                OperationCanceledException => string.Create(CultureInfo.InvariantCulture, $"No answer within {timeLimit.TotalSeconds:0} seconds."),
                OptionsValidationException invalid => string.Join(' ', invalid.Failures),
                _ => exception.Message,
            };
            return new SetupFinding(name, SetupResult.Failed, seen, AdviceFor(name));
        }
    }

    private static string AdviceFor(string name) => name switch
    {
        Database => "Set Database to a file that can be written, or to a connection string of a PostgreSQL that answers.",
        Account => "Compare AssetCompute with the OAuth Server-to-Server credential of the project in the Developer Console: ClientId, ClientSecrets, OrganizationId, Scopes.",
        Journal => "Copy the journal's URL from the registration details in the Developer Console into Journal:Url. The account must be of the same project.",
        Aem => "Check Aem:Author. Give the technical account read access to /content/dam, or set Aem:Account:CredentialsFile to AEM's service credentials.",
        Renditions => "Check the section RenditionStorage: the export must write, read and delete there.",
        _ => "Check the section of this destination: address, credentials, and the right to write and delete.",
    };

    private async Task<SetupFinding> CheckDatabaseAsync(CancellationToken cancellationToken)
    {
        long exports = (await services.GetRequiredService<ExportLedger>().CountAsync(cancellationToken)).Sum(static count => count.Count);
        string where = services.GetRequiredService<LedgerDatabase>().IsPostgreSql ? "PostgreSQL" : "SQLite";
        return new SetupFinding(Database, SetupResult.Ok, string.Create(CultureInfo.InvariantCulture, $"{where} can be read and written; it knows {exports:N0} exports."));
    }

    private async Task<SetupFinding> CheckAccountAsync(CancellationToken cancellationToken)
    {
        AccessToken token = await services.GetRequiredKeyedService<IAccessTokenProvider>(Options.DefaultName).GetTokenAsync(null, cancellationToken);
        return new SetupFinding(Account, SetupResult.Ok, $"Adobe gave an access token, valid until {token.ExpiresOn.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC.");
    }

    private async Task<SetupFinding> CheckJournalAsync(CancellationToken cancellationToken)
    {
        JournalReadOptions options = new()
        {
            Journal = _configuration.GetSection("Journal").RequiredUrl("Url"),
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
        return new SetupFinding(Journal, SetupResult.Ok, hasEvents ? "It can be read, and has events." : "It can be read, and has no event yet.");
    }

    private SetupFinding CheckWebhook() => new(
        Webhook,
        SetupResult.NotChecked,
        "Only Adobe can tell whether it reaches the webhook.",
        $"Forward https://<your host>{_status.WebhookPath} to {_status.WebhookUrls[0]}, then choose Webhook in the registration details of the Developer Console.");

    private async Task<SetupFinding> CheckAemAsync(CancellationToken cancellationToken)
    {
        AemAuthor author = services.GetRequiredService<AemAuthor>();
        await foreach (ListedAsset asset in author.ListAsync(AssetPath.Root, cancellationToken))
        {
            AssetMetadata metadata = await author.GetMetadataAsync(asset.Path, cancellationToken) ?? throw new AemException($"'{asset.Path}' is listed, but its metadata can't be read.");
            await using AssetContentStream original = await author.OpenAsync(asset.Path, metadata.Size, metadata.Sha1, cancellationToken);
            return new SetupFinding(Aem, SetupResult.Ok, $"{asset.Path} can be read: metadata and original ({PageText.Size(original.Length)}).");
        }

        return new SetupFinding(Aem, SetupResult.Ok, $"{AssetPath.Root} can be listed, and has no asset yet.");
    }

    private async Task<SetupFinding> CheckRenditionsAsync(CancellationToken cancellationToken)
    {
        IAssetStorage storage = services.GetRequiredService<IAssetStorage>();
        string name = $"{Probe}-{Guid.NewGuid():N}";
        using MemoryStream content = new([1]);
        await storage.UploadAsync(name, content, cancellationToken: cancellationToken);
        await storage.DeleteAsync(name, cancellationToken);
        return new SetupFinding(Renditions, SetupResult.Ok, "A file was written and removed again.");
    }

    private static async Task<SetupFinding> CheckDestinationAsync(ExportDestination destination, CancellationToken cancellationToken)
    {
        string name = DestinationCheck(destination.Name);
        try
        {
            return new SetupFinding(name, SetupResult.Ok, $"{destination.Type}: {await destination.Target.ProbeAsync(cancellationToken)}.");
        }
        catch (NotSupportedException)
        {
            return new SetupFinding(name, SetupResult.NotChecked, $"{destination.Type} can't be checked.", "Publish one asset for it, and look at the status page.");
        }
    }
}
