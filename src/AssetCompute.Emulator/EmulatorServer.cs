using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using static Microsoft.Extensions.Options.Options;

namespace AssetCompute.Emulator;

/// <summary>
/// The HTTP server and its routes. It has no host: in a new process, starting one takes longer than everything else, and it would handle the signals of the
/// program that contains the emulator. The routes are created in the background as soon as the server listens. Calls wait for them.
/// </summary>
internal sealed class EmulatorServer(AssetComputeEmulatorOptions options) : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private readonly Lazy<WebApplication> _app = new(NewApplication);
    private readonly X509Certificate2? _certificate = options.HttpsPort is null ? null : DevelopmentCertificate.Create(options.Address);
    private Lazy<Task<RequestDelegate>>? _answering;
    private KestrelServer? _server;

    /// <summary>The base URL, once the server is listening.</summary>
    public Uri Origin => EndpointOf(Uri.UriSchemeHttp)!;

    /// <summary>The base URL over HTTPS, if any.</summary>
    public Uri? HttpsOrigin => EndpointOf(Uri.UriSchemeHttps);

    public string? CertificatePem => _certificate?.ExportCertificatePem();

    public async Task StartAsync(EmulatorParts parts, CancellationToken cancellationToken)
    {
        _answering = new(() => Task.Run(() => CreatePipeline(parts)));
        var transport = new SocketTransportFactory(Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        _server = new(Create(NewKestrelOptions()), transport, NullLoggerFactory.Instance);
        await _server.StartAsync(this, cancellationToken).ConfigureAwait(false);
        _ = _answering.Value;
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures) { RequestServices = _app.Value.Services };

    public async Task ProcessRequestAsync(HttpContext context) => await (await _answering!.Value.ConfigureAwait(false))(context).ConfigureAwait(false);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    /// <summary>Stops without waiting for open calls: a client in a test may hang on purpose.</summary>
    public async ValueTask DisposeAsync()
    {
        using var certificate = _certificate;
        await using var app = _app.Value.ConfigureAwait(false);
        await (_server?.StopAsync(new CancellationToken(canceled: true)) ?? Task.CompletedTask).ConfigureAwait(false);
        await (_answering is { IsValueCreated: true } answering ? answering.Value : Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Creates the services of routing and HTTPS. The application itself is never started.</summary>
    private static WebApplication NewApplication()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        return builder.Build();
    }

    private KestrelServerOptions NewKestrelOptions()
    {
        // A caller on a busy machine or in a debugger is slow, not hostile.
        var kestrel = new KestrelServerOptions
        {
            AddServerHeader = false,
            Limits = { MaxRequestBodySize = BodyLimit.Default, MinRequestBodyDataRate = null, MinResponseDataRate = null },
        };
        kestrel.Listen(options.Address, options.Port);
        if (options.HttpsPort is { } port)
        {
            kestrel.ApplicationServices = _app.Value.Services;
            kestrel.Listen(options.Address, port, https => https.UseHttps(_certificate!));
        }

        return kestrel;
    }

    private RequestDelegate CreatePipeline(EmulatorParts parts)
    {
        IApplicationBuilder app = _app.Value;
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
        app.UseEndpoints(routes =>
        {
            new ImsEndpoints(parts.Clients, parts.Tokens, parts.Faults, options).Map(routes);
            new ServiceEndpoints(gateway, parts.Registrations, parts.Jobs, parts.Policy, options.TimeProvider).Map(routes);
            new JournalEndpoints(gateway, parts.Registrations, options, parts.Faults.Journal).Map(routes);
            new StorageEndpoints(parts.Blobs, parts.Signer, options).Map(routes);
            new WorkerEvents(gateway, parts.Clients, parts.WorkerKey, parts.Registrations, parts.Jobs, parts.Policy).Map(routes);
            new AemEndpoints(parts.Tokens, parts.Repository, parts.AemRenditions, new AemUploads(parts.Aem, parts.Storage, parts.Blobs)).Map(routes);
            new WebhookEndpoints(parts.WebhookKeys, parts.Aem.Registrations).Map(routes);
            new EventManagement(gateway, parts.Aem.Registrations).Map(routes);
            new ControlEndpoints(parts).Map(routes);
            new AemControlEndpoints(parts.Aem, options).Map(routes);
            new JobControlEndpoints(parts, runs).Map(routes);
            new PageEndpoints(parts, runs).Map(routes);
        });
        return app.Build();
    }

    private Uri? EndpointOf(string scheme)
    {
        var isAny = options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any);
        var address = (isAny ? IPAddress.Loopback : options.Address).ToString();
        var urls = _server!.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        return urls.Select(BindingAddress.Parse).Where(url => url.Scheme == scheme).Select(url => new UriBuilder(scheme, address, url.Port).Uri).FirstOrDefault();
    }
}
