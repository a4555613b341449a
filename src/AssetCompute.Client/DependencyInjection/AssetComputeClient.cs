using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client;

/// <summary>The client of one account, with its journal and its jobs, for programs without a container.</summary>
/// <remarks>
/// Use one instance for the lifetime of the program: it has the connections, the token and the learned limits of the service. Thread-safe. Its members throw
/// an <see cref="ObjectDisposedException"/> after it was disposed.
/// </remarks>
/// <example><code>await using var assetCompute = AssetComputeClient.Create(options => options.CredentialsFile = "credentials.json");</code></example>
public sealed class AssetComputeClient : IAssetComputeClient, IAsyncDisposable
{
    private readonly ServiceProvider _provider;
    private volatile bool _disposed;

    private AssetComputeClient(ServiceProvider provider) => _provider = provider;

    /// <summary>Reads the account's event journal.</summary>
    public IJournalReader Journal => Provider.GetRequiredService<IJournalReader>();

    /// <summary>Requests renditions and awaits their events.</summary>
    public IRenditionJobs Jobs => Provider.GetRequiredService<IRenditionJobs>();

    private IAssetComputeClient Client => Provider.GetRequiredService<IAssetComputeClient>();

    private ServiceProvider Provider => _disposed ? throw new ObjectDisposedException(nameof(AssetComputeClient)) : _provider;

    /// <summary>Creates a client of the service.</summary>
    /// <param name="configure">Sets the options.</param>
    /// <param name="configureServices">
    /// Further settings, such as logging (<c>builder.Services.AddLogging(…)</c>) or HTTP handlers. Default: none.
    /// </param>
    /// <returns>The client. The caller disposes it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="configure"/> is null.</exception>
    /// <exception cref="OptionsValidationException">An option is missing or out of range.</exception>
    public static AssetComputeClient Create(Action<AssetComputeOptions> configure, Action<IAssetComputeBuilder>? configureServices = null)
    {
        ArgumentNullException.ThrowIfNull(configure);
        ServiceCollection services = new();
        IAssetComputeBuilder builder = services.AddAssetCompute(configure);
        configureServices?.Invoke(builder);
        ServiceProvider provider = services.BuildServiceProvider();
        try
        {
            // Checks the options now.
            provider.GetRequiredService<IAssetComputeClient>();
            return new AssetComputeClient(provider);
        }
        catch
        {
            provider.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<RegisterResult> RegisterAsync(CancellationToken cancellationToken = default) => Client.RegisterAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<UnregisterResult> UnregisterAsync(CancellationToken cancellationToken = default) => Client.UnregisterAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<ProcessResult> ProcessAsync(ProcessRequest request, CancellationToken cancellationToken = default) => Client.ProcessAsync(request, cancellationToken);

    /// <summary>Cancels running work of the account, and closes its connections.</summary>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return _provider.DisposeAsync();
    }
}
