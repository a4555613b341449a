using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Inbox;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AssetExport;

/// <summary>Builds the application: the webhook, the journal, the workers and the status page, depending on the mode.</summary>
public static class ExportApplication
{
    private const string AemAccount = "aem";

    /// <summary>Builds the application.</summary>
    /// <param name="arguments">The arguments from the command line.</param>
    /// <param name="configure">Configures the application further, such as with custom kinds of destinations. Default: nothing.</param>
    /// <returns>The application, not started.</returns>
    /// <exception cref="SettingsException">A setting is missing or invalid.</exception>
    public static WebApplication Create(ExportArguments arguments, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();

        // The program's own settings have the lowest priority, wherever it is started.
        builder.Configuration.Sources.Insert(0, new JsonConfigurationSource { FileProvider = new PhysicalFileProvider(AppContext.BaseDirectory), Path = "appsettings.json", Optional = true });
        if (arguments.File is { } file)
        {
            builder.Configuration.AddJsonFile(file, optional: false);
            builder.Configuration.AddEnvironmentVariables();
        }

        builder.Configuration.AddInMemoryCollection(arguments.Settings);
        ExportMode mode = ReadMode(builder.Configuration);
        StatusSettings status = new(mode, builder.Configuration);
        ExportOptions options = builder.Configuration.GetSection("Export").ReadOptions<ExportOptions>();
        builder.Configuration.GetSection("Export:Batch").ReadOptions<BatchOptions>();
        SettingsException.ThrowIf(builder.Configuration.GetSection("Kestrel:Endpoints").Exists(), "'Kestrel:Endpoints' is not supported: set the addresses with 'Urls' and 'Status:Url'.");

        builder.WebHost.UseUrls([.. status.WebhookUrls, status.Url]);
        IServiceCollection services = builder.Services;
        services.AddSingleton(options);
        services.AddSingleton(status);
        services.AddSingleton<StatusGuard>();
        services.AddSingleton<StatusReporter>();
        services.AddSingleton<ExportActions>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout + TimeSpan.FromSeconds(15));
        services.AddSingleton(TimeProvider.System);
        AddDatabase(services, builder.Configuration["Database"] is { Length: > 0 } database ? database : "export.db", builder.Environment.ContentRootPath);
        IAssetComputeBuilder account = services.AddAssetCompute(builder.Configuration.GetSection("AssetCompute"));
        AddAem(services, builder.Configuration);
        services.AddExportDestinations();
        AddRenditions(account, builder.Configuration.GetSection("RenditionStorage"));
        AddExporting(services, options);
        AddReceiving(account, mode, builder.Configuration);
        configure?.Invoke(builder);

        WebApplication app = builder.Build();
        app.Services.GetRequiredService<DestinationDirectory>();
        app.Services.GetRequiredService<ExportRules>();
        app.UseStatus();
        if (mode != ExportMode.Batch)
        {
            app.MapAdobeEvents(status.WebhookPath);
        }

        return app;
    }

    private static ExportMode ReadMode(ConfigurationManager configuration) =>
        configuration["Mode"] is not { Length: > 0 } text ? ExportMode.Both
        : Enum.TryParse(text, ignoreCase: true, out ExportMode mode) && Enum.IsDefined(mode) ? mode
        : throw new SettingsException("Mode must be realtime, batch or both.");

    private static void AddDatabase(IServiceCollection services, string database, string contentRoot)
    {
        services.AddSingleton<ExportLedger>();
        if (LedgerDatabase.IsConnectionString(database))
        {
            // Created here, to find wrong settings. The container disposes it.
            NpgsqlDataSource source = LedgerDatabase.CreateSource(database);
            services.AddSingleton<NpgsqlDataSource>(_ => source);
            services.AddSingleton(static provider => LedgerDatabase.OnPostgreSql(provider.GetRequiredService<NpgsqlDataSource>()));
            services.AddPostgreSqlInbox();
        }
        else
        {
            string path = Path.GetFullPath(Path.Combine(contentRoot, database));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            services.AddSingleton(_ => LedgerDatabase.InFile(path));

            // The inbox refuses a file with the tables of another component, so a shared file would work or fail depending on which starts first.
            services.AddSqliteInbox(Path.ChangeExtension(path, ".inbox.db"));
        }
    }

    private static void AddAem(IServiceCollection services, ConfigurationManager configuration)
    {
        IConfigurationSection aem = configuration.GetSection("Aem");
        aem.CheckKeys("Author", "Account");
        Uri author = new(aem.RequiredUrl("Author").GetLeftPart(UriPartial.Authority));
        bool hasOwnAccount = aem.GetSection("Account").Exists();
        if (hasOwnAccount)
        {
            services.AddAssetCompute(AemAccount, aem.GetSection("Account"));
        }

        services.AddSingleton(provider => new AemAuthor(
            DestinationHttp.CreateClient(author, TimeSpan.FromMinutes(1)),
            author,
            provider.GetRequiredKeyedService<IAccessTokenProvider>(hasOwnAccount ? AemAccount : Options.DefaultName),
            provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddRenditions(IAssetComputeBuilder account, IConfigurationSection section)
    {
        switch (section["Type"]?.ToUpperInvariant())
        {
            case null when !section.Exists():
                break;
            case "EMULATOR":
                account.AddEmulatorStorage();
                break;
            case "AZUREBLOBS":
                section.CheckKeys(StorageDestination.AzureBlobsSettings.Append("Type"));
                account.AddStorage(_ => StorageDestination.CreateAzureBlobsStorage(section));
                break;
            case "AMAZONS3":
                section.CheckKeys(StorageDestination.AmazonS3Settings.Append("Type"));
                account.AddStorage(_ => StorageDestination.CreateAmazonS3Storage(section));
                break;
            default:
                throw new SettingsException($"{section.Path}:Type must be AzureBlobs, AmazonS3 or Emulator.");
        }
    }

    private static void AddExporting(IServiceCollection services, ExportOptions options)
    {
        services.AddSingleton<AssetExporter>();

        // Too many attempts are better than unlimited memory use.
        services.AddMemoryCache(static refusals => refusals.SizeLimit = 10_000);
        services.AddSingleton<ExportRun>();
        services.AddSingleton<Reconciliation>();
        services.AddHostedService<ExportWorkers>();
        services.AddHostedService<BatchScheduler>();
        services.AddInboxWorkers<PublishedAssetHandler>(workers =>
        {
            // An event for which AEM gives no answer, because it is down, is retried for up to a week.
            workers.MaxAttempts = PublishedAssetHandler.MaxAttempts;
            workers.MaxRetryDelay = PublishedAssetHandler.MaxBusyDelay;

            // Events and exports that a dead instance had claimed become available after the same time.
            workers.VisibilityTimeout = options.ClaimDuration;
        });
    }

    private static void AddReceiving(IAssetComputeBuilder account, ExportMode mode, ConfigurationManager configuration)
    {
        IHealthChecksBuilder health = account.Services.AddHealthChecks().AddInbox();
        if (mode != ExportMode.Batch)
        {
            IConfigurationSection section = configuration.GetSection("Webhook");
            section.CheckKeys("Path", "MaxConcurrentDeliveries", "PublicKeyEndpoint", "ValidationEndpoint");
            account.AddWebhooks(webhook =>
            {
                webhook.MaxConcurrentDeliveries = section.PositiveNumber("MaxConcurrentDeliveries", webhook.MaxConcurrentDeliveries);
                webhook.PublicKeyEndpoint = section["PublicKeyEndpoint"] is null ? webhook.PublicKeyEndpoint : section.RequiredUrl("PublicKeyEndpoint");
                webhook.ValidationEndpoint = section["ValidationEndpoint"] is null ? webhook.ValidationEndpoint : section.RequiredUrl("ValidationEndpoint");
            });
        }

        if (mode != ExportMode.Realtime)
        {
            IConfigurationSection section = configuration.GetSection("Journal");
            section.CheckKeys("Url", "Start", "LeaseDuration");
            Uri journal = section.RequiredUrl("Url");
            JournalPosition start = section["Start"]?.ToUpperInvariant() switch
            {
                null or "OLDEST" => JournalPosition.Oldest,
                "LATEST" => JournalPosition.Latest,
                _ => throw new SettingsException("Journal:Start must be Oldest or Latest."),
            };
            TimeSpan? lease = section.Duration("LeaseDuration");
            account.AddJournalInbox(configure: options =>
            {
                options.Journal = journal;
                options.Start = start;
                options.LeaseDuration = lease ?? options.LeaseDuration;
                options.OnExpired = ExpiredPositionPolicy.Oldest;
                options.Filter = static received => received is AemAssetPublished;
            });
            health.AddJournal("journal");
        }
    }
}
