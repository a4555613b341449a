using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Emulator;

/// <summary>
/// Adobe's Asset Compute Service on one's own machine: sign-in, <c>/register</c>, <c>/process</c>, real renditions, the event journal
/// and blob storage with signed URLs, all on one port of the loopback interface. Several run side by side in one process.
/// </summary>
/// <remarks>
/// The emulator fetches the URLs that it is given. By default it takes only the loopback interface and data URIs; see
/// <see cref="AssetComputeEmulatorOptions.AllowedHosts"/>.
/// </remarks>
public sealed class AssetComputeEmulator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly EmulatorParts _parts;
    private readonly X509Certificate2? _certificate;
    private int _disposed;

    private AssetComputeEmulator(WebApplication app, EmulatorParts parts, X509Certificate2? certificate)
    {
        _app = app;
        _parts = parts;
        _certificate = certificate;
        Endpoint = EndpointOf(app, parts.Options, Uri.UriSchemeHttp)!;
        HttpsEndpoint = EndpointOf(app, parts.Options, Uri.UriSchemeHttps);
    }

    /// <summary>Where the service answers, such as <c>http://127.0.0.1:49152/</c>.</summary>
    public Uri Endpoint { get; }

    /// <summary>Where the service answers by https, if <see cref="AssetComputeEmulatorOptions.HttpsPort"/> is set.</summary>
    public Uri? HttpsEndpoint { get; }

    /// <summary>
    /// The development certificate of <see cref="HttpsEndpoint"/> as PEM, for clients to trust. For Node, write it to a file and set <c>NODE_EXTRA_CA_CERTS</c> to its path. Null without https.
    /// </summary>
    public string? CertificatePem => _certificate?.ExportCertificatePem();

    /// <summary>Where IMS answers: the same origin as <see cref="Endpoint"/>.</summary>
    public Uri ImsEndpoint => Endpoint;

    /// <summary>The blobs, and the signed URLs to them.</summary>
    public EmulatorStorage Storage => _parts.Storage;

    /// <summary>The AEM author with its assets, and who gets the events of publishing.</summary>
    public EmulatorAem Aem => _parts.Aem;

    /// <summary>What goes wrong, on demand.</summary>
    public EmulatorFaults Faults => _parts.Faults;

    /// <summary>The calls that were received.</summary>
    public EmulatorCalls Calls => _parts.Calls;

    /// <summary>Starts an emulator with every option at its default: on a free port of the loopback interface.</summary>
    /// <param name="cancellationToken">Ends the starting.</param>
    /// <returns>The emulator, ready for calls.</returns>
    public static Task<AssetComputeEmulator> StartAsync(CancellationToken cancellationToken = default) => StartAsync(null, cancellationToken);

    /// <summary>Starts an emulator.</summary>
    /// <param name="configure">Sets the options.</param>
    /// <param name="cancellationToken">Ends the starting.</param>
    /// <returns>The emulator, ready for calls.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="FormatException">The script file is no script; the message says where.</exception>
    /// <exception cref="IOException">
    /// The port is taken, or may not be listened on by this user, or the address is not of this machine; or the data folder is in use.
    /// </exception>
    public static async Task<AssetComputeEmulator> StartAsync(Action<AssetComputeEmulatorOptions>? configure, CancellationToken cancellationToken = default)
    {
        var options = new AssetComputeEmulatorOptions();
        configure?.Invoke(options);
        options.Validate();

        // ASP.NET Core goes on in the context of its caller, whose only thread may be blocked.
        return await Task.Run(() => CreateAsync(options, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Revokes every access token issued so far: from now on they are answered 401. The same as <see cref="EmulatorFaults.RevokeTokens"/>.</summary>
    public void RevokeTokens() => Faults.RevokeTokens();

    /// <summary>Puts an event into the journal of a client, as if another service had sent it.</summary>
    /// <param name="event">The event, any JSON: what becomes the member <c>event</c> of the journal's entry.</param>
    /// <param name="clientId">The client. Default: the only one that is registered.</param>
    /// <exception cref="InvalidOperationException">The client is not registered; or none is given and there is not exactly one.</exception>
    public void Publish(JsonNode @event, string? clientId = null)
    {
        ArgumentNullException.ThrowIfNull(@event);
        _parts.Publish(@event, clientId);
    }

    /// <summary>Stops answering, ends what is being worked on, and waits for both.</summary>
    /// <returns>A task that completes when the emulator has stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await Task.Run(EndAsync).ConfigureAwait(false);
        }
    }

    internal IReadOnlyCollection<EmulatorClient> Clients => _parts.Clients.All;

    private static async Task<AssetComputeEmulator> CreateAsync(AssetComputeEmulatorOptions options, CancellationToken cancellationToken)
    {
        var script = options.ScriptFile is { } file ? FaultScript.Parse(await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false)) : null;
        foreach (var client in script?.Clients ?? [])
        {
            options.Clients.Add(client.ToClient());
        }

        var state = new StateLog(options.DataFolder);
        EmulatorParts? parts = null;
        WebApplication? app = null;
        X509Certificate2? certificate = null;
        try
        {
            AssetComputeEmulator? emulator = null;
            parts = new EmulatorParts(
                options, state, () => emulator?.Endpoint ?? EndpointOf(app!, options, Uri.UriSchemeHttp)!, () => emulator is null ? EndpointOf(app!, options, Uri.UriSchemeHttps) : emulator.HttpsEndpoint);
            script?.ApplyTo(parts.Faults);
            certificate = options.HttpsPort is null ? null : DevelopmentCertificate.Create(options.Address);
            app = Build(options, parts, certificate);
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            emulator = new AssetComputeEmulator(app, parts, certificate);
            await parts.ResumeAsync(cancellationToken).ConfigureAwait(false);
            return emulator;
        }
        catch (Exception exception)
        {
            await EndAsync(state, parts, app).ConfigureAwait(false);
            certificate?.Dispose();
            if (exception is SocketException)
            {
                throw new IOException($"The emulator cannot listen on {new IPEndPoint(options.Address, options.Port)}: {exception.Message}", exception);
            }

            throw;
        }
    }

    private async Task EndAsync()
    {
        // Calls still open are not waited for: a fixture's client may hang on one on purpose.
        using var now = new CancellationTokenSource();
        await now.CancelAsync().ConfigureAwait(false);
        try
        {
            await _app.StopAsync(now.Token).ConfigureAwait(false);
        }
        finally
        {
            await EndAsync(null, _parts, _app).ConfigureAwait(false);
            _certificate?.Dispose();
        }
    }

    /// <summary>Disposes from the last to the first, each whatever becomes of the others.</summary>
    private static async Task EndAsync(StateLog? state, EmulatorParts? parts, WebApplication? app)
    {
        try
        {
            if (app is not null)
            {
                await app.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            using (state)
            {
                if (parts is not null)
                {
                    await parts.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }

    private static WebApplication Build(AssetComputeEmulatorOptions options, EmulatorParts parts, X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimit.Default;

            // A caller that stands in a debugger, or on a busy machine, is slow and not hostile.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(options.Address, options.Port);
            if (certificate is not null)
            {
                kestrel.Listen(options.Address, options.HttpsPort!.Value, https => https.UseHttps(certificate));
            }
        });

        var app = builder.Build();
        app.UseRouting();
        var recording = new CallRecording(parts.Calls, options.TimeProvider);
        var rules = new BrowserRules(options);
        var injection = new FaultInjection(parts.Faults, parts.Calls, options);
        app.Use(next => context => recording.InvokeAsync(context, next));
        app.Use(next => context => ErrorAnswers.InvokeAsync(context, next));
        app.Use(next => context => rules.InvokeAsync(context, next));
        app.Use(next => context => injection.InvokeAsync(context, next));

        // Within the faults, which cut the answers of refused calls off, too.
        app.Use(next => context => ErrorAnswers.InvokeAsync(context, next));
        Map(app, parts);
        return app;
    }

    private static void Map(WebApplication app, EmulatorParts parts)
    {
        var options = parts.Options;
        var runs = new PageRuns(parts);
        var gateway = new Gateway(parts.Clients, parts.Tokens, options.Spelling);
        new ImsEndpoints(parts.Clients, parts.Tokens, parts.Faults, options).Map(app);
        new ServiceEndpoints(gateway, parts.Registrations, parts.Jobs, parts.Policy, options.TimeProvider).Map(app);
        new JournalEndpoints(gateway, parts.Registrations, options, parts.Faults.Journal).Map(app);
        new StorageEndpoints(parts.Blobs, parts.Signer, options).Map(app);
        var ingress = new EventIngress(gateway, parts.Registrations, parts.Jobs);
        ingress.Map(app);
        new WorkerWebhook(parts.Clients, parts.WorkerKey, ingress, parts.Policy).Map(app);
        new AemEndpoints(parts.Tokens, parts.Repository, parts.AemRenditions, new AemUploads(parts.Aem, parts.Storage, parts.Blobs)).Map(app);
        new WebhookEndpoints(parts.WebhookKeys, parts.Aem.Registrations).Map(app);
        new EventManagement(gateway, parts.Aem.Registrations).Map(app);
        new ControlEndpoints(parts, parts.Tokens).Map(app);
        new AemControlEndpoints(parts.Aem, options).Map(app);
        new JobControlEndpoints(parts, runs).Map(app);
        new PageEndpoints(parts, runs).Map(app);
    }

    private static Uri? EndpointOf(WebApplication app, AssetComputeEmulatorOptions options, string scheme)
    {
        if (app.Urls.FirstOrDefault(url => url.StartsWith(scheme + ":", StringComparison.Ordinal)) is not { } url)
        {
            return null;
        }

        var port = new Uri(url.Replace("[::]", "localhost", StringComparison.Ordinal)).Port;
        var isAny = options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any);
        return new UriBuilder(scheme, (isAny ? IPAddress.Loopback : options.Address).ToString(), port).Uri;
    }
}
