using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Keeps the last valid options while a reloaded configuration is invalid, and logs the reason once. The framework's cache would throw at every use.
/// </summary>
/// <typeparam name="TOptions">The options.</typeparam>
internal sealed class LastValidOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TOptions>(
    ILogger<LastValidOptions<TOptions>>? logger = null) : IOptionsMonitorCache<TOptions>
    where TOptions : class
{
    private readonly OptionsCache<TOptions> _cache = new();
    private readonly ConcurrentDictionary<string, TOptions> _valid = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _logged = new(StringComparer.Ordinal);

    public TOptions GetOrAdd(string? name, Func<TOptions> createOptions) => _cache.GetOrAdd(name, () => Create(name ?? Options.Options.DefaultName, createOptions));

    public bool TryAdd(string? name, TOptions options) => _cache.TryAdd(name, options);

    public bool TryRemove(string? name) => _cache.TryRemove(name);

    public void Clear() => _cache.Clear();

    private TOptions Create(string name, Func<TOptions> createOptions)
    {
        try
        {
            TOptions options = createOptions();
            _valid[name] = options;
            _logged.TryRemove(name, out _);
            return options;
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException && _valid.TryGetValue(name, out TOptions? last))
        {
            // Saving a file raises several reloads.
            if (logger is not null && !(_logged.TryGetValue(name, out string? logged) && logged == exception.Message))
            {
                _logged[name] = exception.Message;
                ConfigurationLog.ReloadFailed(logger, typeof(TOptions).Name, AssetCompute.Client.Diagnostics.AccountName.Shown(name), exception.Message);
            }

            return _valid[name];
        }
    }
}
