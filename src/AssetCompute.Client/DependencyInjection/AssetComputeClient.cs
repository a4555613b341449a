using AssetCompute.Client.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client;

/// <summary>
/// Everything for one account in one object, for programs without a container.
/// </summary>
/// <remarks>Keep one for the life of the program: it holds the connections, the token and what was learned of the service's limit. Thread-safe.</remarks>
/// <example><code>await using var assetCompute = AssetComputeClient.Create(options => options.CredentialsFile = "credentials.json");</code></example>
public sealed class AssetComputeClient : IAssetComputeClient, IAsyncDisposable
{
    private readonly ServiceProvider _provider;
    private readonly IAssetComputeClient _client;

    private AssetComputeClient(ServiceProvider provider)
    {
        _provider = provider;
        _client = provider.GetRequiredService<IAssetComputeClient>();
    }

    /// <summary>Reads the account's event journal.</summary>
    public IJournalReader Journal => _provider.GetRequiredService<IJournalReader>();

    /// <summary>Requests renditions and awaits their events.</summary>
    public IRenditionJobs Jobs => _provider.GetRequiredService<IRenditionJobs>();

    /// <summary>A client of the service.</summary>
    /// <param name="configure">Sets the options.</param>
    /// <param name="configureServices">
    /// Further settings, such as logging (<c>builder.Services.AddLogging(…)</c>) or HTTP handlers. Default: none.
    /// </param>
    /// <returns>The client; whoever made it disposes it.</returns>
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
            return new AssetComputeClient(provider);
        }
        catch
        {
            provider.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<RegisterResult> RegisterAsync(CancellationToken cancellationToken = default) => _client.RegisterAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<UnregisterResult> UnregisterAsync(CancellationToken cancellationToken = default) => _client.UnregisterAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<ProcessResult> ProcessAsync(ProcessRequest request, CancellationToken cancellationToken = default) => _client.ProcessAsync(request, cancellationToken);

    /// <summary>Ends what still runs for the account, and closes its connections.</summary>
    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}
