using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Keeps the last valid options while a reloaded configuration is invalid, and logs the reason once. The framework's cache would throw at every use.
/// </summary>
/// <typeparam name="TOptions">The options.</typeparam>
internal sealed class LastValidOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TOptions>(
    ILogger<LastValidOptions<TOptions>>? logger = null) : OptionsCache<TOptions>
    where TOptions : class
{
    private readonly ConcurrentDictionary<string, (TOptions Options, string? Logged)> _valid = new(StringComparer.Ordinal);

    public override TOptions GetOrAdd(string? name, Func<TOptions> createOptions) => base.GetOrAdd(name, () => Create(name ?? Options.Options.DefaultName, createOptions));

    private TOptions Create(string name, Func<TOptions> createOptions)
    {
        try
        {
            TOptions options = createOptions();
            _valid[name] = (options, null);
            return options;
        }
        catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException && _valid.TryGetValue(name, out (TOptions Options, string? Logged) last))
        {
            // Saving a file raises several reloads.
            if (logger is not null && last.Logged != exception.Message)
            {
                _valid[name] = (last.Options, exception.Message);
                ClientLog.ReloadFailed(logger, typeof(TOptions).Name, ClientLog.NameOf(name), exception.Message);
            }

            return last.Options;
        }
    }
}
