using System.Collections.Concurrent;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Tests.Authentication;

/// <summary>An account with its authentication. The registration under test creates it with the given identity service and clock.</summary>
internal sealed class Account : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public Account(
        HttpMessageHandler ims,
        Action<AssetComputeOptions>? configure = null,
        string name = "",
        FakeTimeProvider? time = null,
        Action<IServiceCollection>? services = null,
        Func<string, string?>? environment = null)
    {
        Time = time ?? new FakeTimeProvider();
        Name = name;
        var collection = new ServiceCollection();
        collection.AddSingleton<TimeProvider>(Time);
        collection.AddSingleton(new CredentialsReader(environment ?? (static _ => null)));
        collection.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Logs));
        collection.AddOptions<AssetComputeOptions>(name).Configure(configure ?? Configured);
        collection.AddSingleton<IOptionsChangeTokenSource<AssetComputeOptions>>(Change);
        collection.AddHttpClient(name.Length == 0 ? "AssetCompute:ims" : $"AssetCompute:{name}:ims").ConfigurePrimaryHttpMessageHandler(() => ims);
        services?.Invoke(collection);
        collection.AddAssetComputeAuthentication(name);
        Change.Name = name;
        _services = collection.BuildServiceProvider();
    }

    public string Name { get; }

    public FakeTimeProvider Time { get; }

    public LogCollector Logs { get; } = new();

    /// <summary>Signals a change of the options, as a reloaded configuration does.</summary>
    public OptionsChange Change { get; } = new();

    public IServiceProvider Services => _services;

    public IAccessTokenProvider Tokens => _services.GetRequiredKeyedService<IAccessTokenProvider>(Name);

    public AccessTokenCache Cache => (AccessTokenCache)Tokens;

    public static void Configured(AssetComputeOptions options)
    {
        options.OrganizationId = "ABCDEF1234567890@AdobeOrg";
        options.ClientId = "client-a";
        options.ClientSecrets.Add("secret-number-one");
    }

    public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected = null) =>
        Tokens.GetTokenAsync(rejected, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Change.Dispose();
    }

    internal sealed class OptionsChange : IOptionsChangeTokenSource<AssetComputeOptions>, IDisposable
    {
        private CancellationTokenSource _source = new();

        public string? Name { get; set; }

        public Microsoft.Extensions.Primitives.IChangeToken GetChangeToken() =>
            new Microsoft.Extensions.Primitives.CancellationChangeToken(_source.Token);

        public void Signal()
        {
            using CancellationTokenSource old = Interlocked.Exchange(ref _source, new CancellationTokenSource());
            old.Cancel();
        }

        public void Dispose() => _source.Dispose();
    }

    internal sealed class LogCollector : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<(LogLevel Level, EventId Id, string Text)> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue((LogLevel.None, default, state.ToString() ?? ""));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((logLevel, eventId, formatter(state, exception) + exception));

        public void Dispose()
        {
        }
    }
}
