using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using AssetCompute.Emulator;
using Spectre.Console;

namespace AssetExport.Demo;

/// <summary>
/// AEM with assets, the destinations, and the application: everything that an export needs, on this machine. The emulator runs in this process, the application
/// does not.
/// </summary>
internal sealed class ExportScene : IAsyncDisposable
{
    public const string AemFolder = "/content/dam/export";

    private readonly StorageServers _servers;
    private readonly List<PublishedAsset> _assets = [];
    private readonly List<ApplicationProcess> _applications = [];
    private readonly List<string> _destinations = [];
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);

    private ExportScene(StorageServers servers, string folder, AssetComputeEmulator emulator, MarketoServer marketo, Uri webhookUrl, EventRegistration registration, string? database)
    {
        _servers = servers;
        Folder = folder;
        Emulator = emulator;
        Marketo = marketo;
        WebhookUrl = webhookUrl;
        Registration = registration;
        Database = database ?? Path.Combine(folder, "export.db");
        Prefix = $"{Path.GetFileName(folder)}/";
        AddSettings();
    }

    /// <summary>A temporary folder, which is removed at the end.</summary>
    public string Folder { get; }

    public AssetComputeEmulator Emulator { get; }

    public MarketoServer Marketo { get; }

    /// <summary>The URL of the application's webhook. It stays the same after a restart.</summary>
    public Uri WebhookUrl { get; }

    /// <summary>The URL of the application's status page.</summary>
    public Uri ApplicationUrl { get; } = FreeUrl();

    /// <summary>The registration with the webhook and the journal.</summary>
    public EventRegistration Registration { get; }

    /// <summary>The settings of the application by key.</summary>
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyList<PublishedAsset> Assets => _assets;

    /// <summary>The names of the destinations: a folder, Azure, S3 and Marketo, and the added ones.</summary>
    public IReadOnlyList<string> Destinations => _destinations;

    /// <summary>The expected number of exports, over all assets and their destinations.</summary>
    public int ExpectedExports => _assets.Sum(static asset => asset.Destinations.Count);

    private string Database { get; }

    /// <summary>The prefix that separates this scene's objects from others in the same bucket.</summary>
    private string Prefix { get; }

    /// <param name="servers">The S3 and Azure servers.</param>
    /// <param name="database">A PostgreSQL connection string. Default: a SQLite file in the scene's folder.</param>
    /// <param name="configure">Changes the emulator's options.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<ExportScene> StartAsync(StorageServers servers, string? database, Action<AssetComputeEmulatorOptions>? configure, CancellationToken cancellationToken)
    {
        AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(configure, cancellationToken);
        MarketoServer? marketo = null;
        try
        {
            marketo = await MarketoServer.StartAsync(TimeSpan.FromMilliseconds(5));
            Uri url = FreeUrl();

            // The webhook does not exist yet, so it gets no events until it is enabled. The application needs the URL of the journal before it starts.
            EventRegistration registration = await emulator.Aem.Registrations.AddAsync(new EventRegistrationSettings { Name = "export", WebhookUrl = new Uri(url, "/events") }, cancellationToken);
            return new ExportScene(servers, Directory.CreateTempSubdirectory("asset-export-").FullName, emulator, marketo, url, registration, database);
        }
        catch
        {
            await emulator.DisposeAsync();
            if (marketo is not null)
            {
                await marketo.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Returns a URL on this machine with an unused port.</summary>
    public static Uri FreeUrl()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://{listener.LocalEndpoint}");
    }

    /// <summary>Adds the destination <c>sftp</c>.</summary>
    public void AddSftp(SftpServer server) => AddDestination(
        "sftp",
        "Sftp",
        server.Files,
        ("Host", SftpServer.Host),
        ("Port", server.Port.ToString(CultureInfo.InvariantCulture)),
        ("User", SftpServer.User),
        ("PrivateKeyFile", server.PrivateKeyFile),
        ("KnownHostsFile", Path.Combine(Folder, "hosts")),
        ("Path", server.Files));

    /// <summary>Adds the destination <c>dav</c>.</summary>
    public void AddWebDav(WebDavServer server) => AddDestination(
        "dav", "WebDav", server.Files, ("Url", server.Url.AbsoluteUri), ("UserName", WebDavServer.UserName), ("Password", WebDavServer.Password));

    /// <summary>Adds the destination <c>command</c>: a coreutils program that writes its standard input to a file.</summary>
    public void AddCommand()
    {
        string folder = Path.Combine(Folder, "command");
        AddDestination(
            "command",
            "Command",
            folder,
            ("File", "install"),
            ("Arguments:0", "-D"),
            ("Arguments:1", "--mode=644"),
            ("Arguments:2", "/dev/stdin"),
            ("Arguments:3", $"{folder}/{{name}}"));
    }

    /// <summary>Adds an asset with the given bytes.</summary>
    public async Task AddAssetAsync(string name, ReadOnlyMemory<byte> content, string destinations, bool isImmediate, CancellationToken cancellationToken)
    {
        AemAsset asset = await Emulator.Aem.AddAssetAsync($"{AemFolder}/{name}", content, metadata: MetadataOf(destinations, isImmediate), cancellationToken: cancellationToken);
        _assets.Add(new PublishedAsset(asset, destinations.Split(',')));
    }

    /// <summary>Adds an asset with generated bytes.</summary>
    public async Task AddGeneratedAssetAsync(string name, long size, string destinations, bool isImmediate, CancellationToken cancellationToken)
    {
        AemAsset asset = await Emulator.Aem.AddGeneratedAssetAsync($"{AemFolder}/{name}", size, seed: _assets.Count, metadata: MetadataOf(destinations, isImmediate), cancellationToken: cancellationToken);
        _assets.Add(new PublishedAsset(asset, destinations.Split(',')));
    }

    /// <summary>
    /// Adds assets for every destination, half of them for the scheduled batch. Some have two destinations, and some have names with special
    /// characters.
    /// </summary>
    public async Task AddAssetsAsync(int count, CancellationToken cancellationToken)
    {
        int first = _assets.Count;
        for (int i = first; i < first + count; i++)
        {
            string destination = i % 10 == 9 ? "folder,s3" : _destinations[i % _destinations.Count];
            string name = i % 25 == 7 ? $"{i % 3}/Foto Nº {i} (größer).jpg" : $"{i % 3}/photo-{i}.jpg";
            await AddGeneratedAssetAsync(name, i % 50 == 0 ? 0 : 1_000 + (i * 7_919 % 60_000), destination, isImmediate: i / _destinations.Count % 2 == 0, cancellationToken);
        }
    }

    /// <summary>Publishes all assets that are not published yet.</summary>
    /// <returns>The number of assets.</returns>
    public int Publish() => Emulator.Aem.Publish(Emulator.Aem.Assets.Where(static asset => asset.PublishedVersion != asset.Version).Select(static asset => asset.Path)).Count;

    /// <summary>Starts the application and waits until it responds.</summary>
    /// <param name="mode">Its mode.</param>
    /// <param name="webhookUrl">The URL of its webhook. Default: the URL that AEM delivers to.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<ApplicationProcess> StartApplicationAsync(string mode, CancellationToken cancellationToken, Uri? webhookUrl = null)
    {
        ApplicationProcess application = StartApplication(mode, webhookUrl);
        await application.WaitUntilReadyAsync(cancellationToken);
        return application;
    }

    /// <summary>Starts the application without waiting for it.</summary>
    public ApplicationProcess StartApplication(string mode, Uri? webhookUrl = null)
    {
        ApplicationProcess application = ApplicationProcess.Start(webhookUrl ?? WebhookUrl, webhookUrl is null ? ApplicationUrl : FreeUrl(), ["--mode", mode, .. Arguments()], Folder);
        _applications.Add(application);
        return application;
    }

    /// <summary>Runs the application's comparison of AEM with the destinations, in this process.</summary>
    public async Task<(int ExitCode, string Output)> ReconcileAsync(CancellationToken cancellationToken)
    {
        await using StringWriter output = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = 240;
        int exitCode = await ExportCommandLine.RunAsync(["reconcile", "--folder", AemFolder, .. Arguments()], console, cancellationToken);
        return (exitCode, output.ToString());
    }

    /// <summary>Compares AEM with the destinations independently of the application, byte by byte.</summary>
    public async Task<SceneComparison> CompareAsync(CancellationToken cancellationToken)
    {
        SceneDestinations destinations = new(_folders, _servers, Prefix, Marketo);
        return await destinations.CompareAsync(_assets, cancellationToken);
    }

    /// <summary>Returns how often each item was written to S3 or Azure, by name.</summary>
    public async Task<IReadOnlyDictionary<string, int>> StorageWritesAsync() => (await _servers.S3WritesAsync()).Concat(await _servers.AzureWritesAsync())
        .Where(write => write.Key.StartsWith(Prefix, StringComparison.Ordinal))
        .GroupBy(static write => write.Key, static write => write.Value, StringComparer.Ordinal)
        .ToDictionary(static writes => writes.Key, static writes => writes.Max(), StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        foreach (ApplicationProcess application in _applications)
        {
            await application.DisposeAsync();
        }

        await Emulator.DisposeAsync();
        await Marketo.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static JsonObject MetadataOf(string destinations, bool isImmediate) => new()
    {
        ["exportDestination"] = destinations,
        ["exportImmediately"] = isImmediate ? "yes" : "no",
    };

    private string[] Arguments()
    {
        string file = Path.Combine(Folder, "export.json");
        File.WriteAllText(file, new JsonObject(Settings.Select(static setting => KeyValuePair.Create(setting.Key, (JsonNode?)setting.Value))).ToJsonString());
        return ["--config", file, "--database", Database];
    }

    private void AddSettings()
    {
        EmulatorClient client = EmulatorClient.WellKnown;
        (string Key, string Value)[] settings =
        [
            ("AssetCompute:Endpoint", Emulator.Endpoint.AbsoluteUri),
            ("AssetCompute:ImsEndpoint", Emulator.ImsEndpoint.AbsoluteUri),
            ("AssetCompute:OrganizationId", client.OrganizationId),
            ("AssetCompute:ClientId", client.ClientId),
            ("AssetCompute:ClientSecrets:0", client.ClientSecrets[0]),
            ("Aem:Author", Emulator.Aem.Endpoint.AbsoluteUri),
            ("Webhook:PublicKeyEndpoint", Emulator.Endpoint.AbsoluteUri),
            ("Webhook:ValidationEndpoint", Emulator.Endpoint.AbsoluteUri),
            ("Journal:Url", Registration.JournalUrl.AbsoluteUri),
            ("Export:ClaimDuration", "00:00:03"),
            ("Export:Batch:Schedule", "* * * * * *"),
            ("Export:Batch:MaxPerRun", "20"),
        ];
        foreach ((string key, string value) in settings)
        {
            Settings[key] = value;
        }

        string folder = Path.Combine(Folder, "exported");
        AddDestination("folder", "Folder", folder, ("Path", folder));
        AddDestination("azure", "AzureBlobs", null, ("ContainerUrl", _servers.ContainerUrl.AbsoluteUri), ("Prefix", Prefix));
        AddDestination(
            "s3",
            "AmazonS3",
            null,
            ("ServiceUrl", _servers.S3Endpoint.AbsoluteUri),
            ("Bucket", StorageServers.Bucket),
            ("AccessKeyId", StorageServers.S3Key),
            ("SecretAccessKey", StorageServers.S3Key),
            ("Prefix", Prefix));
        AddDestination(
            "marketo",
            "Marketo",
            null,
            ("RestHost", Marketo.Endpoint.AbsoluteUri),
            ("ClientId", MarketoServer.ClientId),
            ("ClientSecret", MarketoServer.ClientSecret),
            ("FolderId", MarketoServer.FolderId.ToString(CultureInfo.InvariantCulture)));
    }

    /// <param name="name">Its name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="folder">The folder that contains its files; null if there is none.</param>
    /// <param name="settings">Its settings.</param>
    private void AddDestination(string name, string type, string? folder, params ReadOnlySpan<(string Key, string Value)> settings)
    {
        _destinations.Add(name);
        Settings[$"Destinations:{name}:Type"] = type;
        foreach ((string key, string value) in settings)
        {
            Settings[$"Destinations:{name}:{key}"] = value;
        }

        if (folder is not null)
        {
            _folders[name] = folder;
        }
    }
}
