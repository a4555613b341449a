using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Emulator;

/// <summary>
/// An emulator of Adobe's Asset Compute Service for the local machine: sign-in, <c>/register</c>, <c>/process</c>, real renditions, the event journal
/// and blob storage with signed URLs, all on one port of the loopback interface. Several emulators can run side by side in one process.
/// </summary>
/// <remarks>
/// The emulator fetches the URLs that it receives. By default, it accepts only the loopback interface and data URIs. See
/// <see cref="AssetComputeEmulatorOptions.AllowedHosts"/>.
/// </remarks>
public sealed class AssetComputeEmulator : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly EmulatorParts _parts;
    private int _disposed;

    private AssetComputeEmulator(WebApplication app, EmulatorParts parts)
    {
        _app = app;
        _parts = parts;
        Endpoint = parts.Origin();
        HttpsEndpoint = parts.HttpsOrigin();
        CertificatePem = app.Services.GetService<X509Certificate2>()?.ExportCertificatePem();
    }

    /// <summary>The base URL of the service, such as <c>http://127.0.0.1:49152/</c>.</summary>
    public Uri Endpoint { get; }

    /// <summary>The base URL of the service over HTTPS, if <see cref="AssetComputeEmulatorOptions.HttpsPort"/> is set.</summary>
    public Uri? HttpsEndpoint { get; }

    /// <summary>The development certificate of <see cref="HttpsEndpoint"/> as PEM, for clients to trust: for Node, as a file in <c>NODE_EXTRA_CA_CERTS</c>. Null without HTTPS.</summary>
    public string? CertificatePem { get; }

    /// <summary>The base URL of IMS: the same origin as <see cref="Endpoint"/>.</summary>
    public Uri ImsEndpoint => Endpoint;

    /// <summary>The blob storage and its signed URLs.</summary>
    public EmulatorStorage Storage => _parts.Storage;

    /// <summary>The AEM author with its assets and the event registrations.</summary>
    public EmulatorAem Aem => _parts.Aem;

    /// <summary>The faults to inject.</summary>
    public EmulatorFaults Faults => _parts.Faults;

    /// <summary>The calls that the emulator received.</summary>
    public EmulatorCalls Calls => _parts.Calls;

    /// <summary>Starts an emulator with default options, on a free port of the loopback interface.</summary>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <returns>The emulator, ready for calls.</returns>
    public static Task<AssetComputeEmulator> StartAsync(CancellationToken cancellationToken = default) => StartAsync(null, cancellationToken);

    /// <summary>Starts an emulator.</summary>
    /// <param name="configure">Sets the options.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <returns>The emulator, ready for calls.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="FormatException">The script file is not valid. The message contains the location.</exception>
    /// <exception cref="IOException">
    /// The port is in use, the user is not allowed to listen on it, the address does not belong to this machine, or the data folder is in use.
    /// </exception>
    public static async Task<AssetComputeEmulator> StartAsync(Action<AssetComputeEmulatorOptions>? configure, CancellationToken cancellationToken = default)
    {
        var options = new AssetComputeEmulatorOptions();
        configure?.Invoke(options);
        options.Validate();

        // ASP.NET Core continues in the caller's synchronization context, whose only thread may be blocked.
        return await Task.Run(() => CreateAsync(options, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Revokes all access tokens issued so far. Calls with these tokens get 401. Same as <see cref="EmulatorFaults.RevokeTokens"/>.</summary>
    public void RevokeTokens() => Faults.RevokeTokens();

    /// <summary>Adds an event to the journal of a client, as if another service had sent it.</summary>
    /// <param name="event">The event, any JSON. It becomes the <c>event</c> member of the journal entry.</param>
    /// <param name="clientId">The client. Default: the only registered client.</param>
    /// <exception cref="InvalidOperationException">The client is not registered, or no client is given and the number of registered clients is not one.</exception>
    public void Publish(JsonNode @event, string? clientId = null)
    {
        ArgumentNullException.ThrowIfNull(@event);
        _parts.Publish(@event, clientId);
    }

    /// <summary>Stops listening, cancels the work in progress, and waits for both.</summary>
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
            options.Clients.Add(client);
        }

        var app = Build(options);
        try
        {
            var parts = app.Services.GetRequiredService<EmulatorParts>();
            script?.ApplyTo(parts.Faults);
            Map(app, parts);
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            await parts.Jobs.StartAsync(cancellationToken).ConfigureAwait(false);
            return new AssetComputeEmulator(app, parts);
        }
        catch (Exception exception)
        {
            // The container disposes the parts before the server, which may be listening already.
            await app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
            await app.DisposeAsync().ConfigureAwait(false);
            if (exception is SocketException)
            {
                throw new IOException($"The emulator cannot listen on {new IPEndPoint(options.Address, options.Port)}: {exception.Message}", exception);
            }

            throw;
        }
    }

    private async Task EndAsync()
    {
        await using var app = _app.ConfigureAwait(false);

        // Don't wait for open calls: a client in a test may hang on purpose.
        await _app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
    }

    /// <summary>Builds the server. Its container disposes the state, the parts and the certificate.</summary>
    private static WebApplication Build(AssetComputeEmulatorOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(_ => new StateLog(options.DataFolder));
        builder.Services.AddSingleton(services =>
        {
            var urls = services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
            return new EmulatorParts(
                options, services.GetRequiredService<StateLog>(), () => EndpointOf(urls, options, Uri.UriSchemeHttp)!, () => EndpointOf(urls, options, Uri.UriSchemeHttps));
        });
        if (options.HttpsPort is not null)
        {
            builder.Services.AddSingleton(_ => DevelopmentCertificate.Create(options.Address));
        }

        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimit.Default;

            // A caller on a busy machine or in a debugger is slow, not hostile.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(options.Address, options.Port);
            if (options.HttpsPort is { } port)
            {
                kestrel.Listen(options.Address, port, https => https.UseHttps(kestrel.ApplicationServices.GetRequiredService<X509Certificate2>()));
            }
        });
        return builder.Build();
    }

    private static void Map(WebApplication app, EmulatorParts parts)
    {
        var options = parts.Options;
        app.UseRouting();
        var recording = new CallRecording(parts.Calls, options.TimeProvider);
        var rules = new BrowserRules(options);
        var injection = new FaultInjection(parts.Faults, parts.Calls, options);
        app.Use(next => context => recording.InvokeAsync(context, next));
        app.Use(next => context => ErrorAnswers.InvokeAsync(context, next));
        app.Use(next => context => rules.InvokeAsync(context, next));
        app.Use(next => context => injection.InvokeAsync(context, next));

        // Runs inside the faults, because they also cut off the responses of refused calls.
        app.Use(next => context => ErrorAnswers.InvokeAsync(context, next));
        var runs = new PageRuns(parts);
        var gateway = new Gateway(parts.Clients, parts.Tokens, options.Spelling);
        new ImsEndpoints(parts.Clients, parts.Tokens, parts.Faults, options).Map(app);
        new ServiceEndpoints(gateway, parts.Registrations, parts.Jobs, parts.Policy, options.TimeProvider).Map(app);
        new JournalEndpoints(gateway, parts.Registrations, options, parts.Faults.Journal).Map(app);
        new StorageEndpoints(parts.Blobs, parts.Signer, options).Map(app);
        new WorkerEvents(gateway, parts.Clients, parts.WorkerKey, parts.Registrations, parts.Jobs, parts.Policy).Map(app);
        new AemEndpoints(parts.Tokens, parts.Repository, parts.AemRenditions, new AemUploads(parts.Aem, parts.Storage, parts.Blobs)).Map(app);
        new WebhookEndpoints(parts.WebhookKeys, parts.Aem.Registrations).Map(app);
        new EventManagement(gateway, parts.Aem.Registrations).Map(app);
        new ControlEndpoints(parts).Map(app);
        new AemControlEndpoints(parts.Aem, options).Map(app);
        new JobControlEndpoints(parts, runs).Map(app);
        new PageEndpoints(parts, runs).Map(app);
    }

    private static Uri? EndpointOf(ICollection<string> urls, AssetComputeEmulatorOptions options, string scheme)
    {
        var isAny = options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any);
        var address = (isAny ? IPAddress.Loopback : options.Address).ToString();
        return urls.Select(BindingAddress.Parse).Where(url => url.Scheme == scheme).Select(url => new UriBuilder(scheme, address, url.Port).Uri).FirstOrDefault();
    }
}
