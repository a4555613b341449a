using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

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
    private readonly EmulatorServer _server;
    private readonly EmulatorParts _parts;
    private int _disposed;

    private AssetComputeEmulator(EmulatorServer server, EmulatorParts parts)
    {
        _server = server;
        _parts = parts;
        Endpoint = server.Origin;
        HttpsEndpoint = server.HttpsOrigin;
        CertificatePem = server.CertificatePem;
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
            await Task.Run(() => EndAsync(_server, _parts)).ConfigureAwait(false);
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

        StateLog? state = null;
        EmulatorParts? parts = null;
        var server = new EmulatorServer(options);
        try
        {
            state = new StateLog(options.DataFolder);
            parts = new EmulatorParts(options, state, () => server.Origin, () => server.HttpsOrigin);
            script?.ApplyTo(parts.Faults);
            await server.StartAsync(parts, cancellationToken).ConfigureAwait(false);
            await parts.Jobs.StartAsync(cancellationToken).ConfigureAwait(false);
            return new AssetComputeEmulator(server, parts);
        }
        catch (Exception exception)
        {
            using var unused = state;
            await EndAsync(server, parts).ConfigureAwait(false);
            if (exception is SocketException)
            {
                throw new IOException($"The emulator cannot listen on {new IPEndPoint(options.Address, options.Port)}: {exception.Message}", exception);
            }

            throw;
        }
    }

    private static async Task EndAsync(EmulatorServer server, EmulatorParts? parts)
    {
        try
        {
            await server.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            await (parts is null ? Task.CompletedTask : parts.DisposeAsync().AsTask()).ConfigureAwait(false);
        }
    }
}
