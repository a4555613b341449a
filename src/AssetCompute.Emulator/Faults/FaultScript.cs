using System.Text.Json;
using System.Text.RegularExpressions;

namespace AssetCompute.Emulator;

/// <summary>Faults as JSON, for files and for other languages. docs/emulator-faults.md describes the format. An unknown member is an error.</summary>
internal sealed record FaultScript
{
    /// <summary>The clients that may sign in. Allowed only in a file that the emulator starts with.</summary>
    public IReadOnlyList<EmulatorClient> Clients { get; set; } = [];

    public double? TokenLifetimeSeconds { get; set; }

    public List<EmulatorFault> Faults { get; set; } = [];

    public List<EmulatorRenditionFault> Renditions { get; set; } = [];

    public List<RateLimit> RateLimits { get; set; } = [];

    public List<WindowLimit> WindowLimits { get; set; } = [];

    public List<ConcurrencyLimit> ConcurrencyLimits { get; set; } = [];

    public ScriptedJournal? Journal { get; set; }

    public ScriptedEvents? Webhooks { get; set; }

    /// <summary>Reads a script.</summary>
    /// <exception cref="FormatException">The text is not a valid script. The message contains the location.</exception>
    public static FaultScript Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, FaultScriptJson.Default.FaultScript) ?? throw new FormatException("The script is null.");
        }
        catch (JsonException exception)
        {
            // The serializer's messages contain the location, and the name of an internal type. The converters' messages don't.
            var message = Regex.Replace(exception.Message, @"( to any \.NET member contained in| for)? type '[^']*'| to AssetCompute\.\S+[^\s.]", "");
            var place = exception.Path is { } path && !exception.Message.Contains(path, StringComparison.Ordinal) ? $" Path: {path}." : "";
            var problem = exception.InnerException is OverflowException ? "has a value out of its range" : "cannot be read";
            throw new FormatException($"The script {problem}: {message}{place} docs/emulator-faults.md lists the members.", exception);
        }
    }

    /// <summary>Adds the script's faults to the existing ones.</summary>
    /// <exception cref="FormatException">A value is out of range.</exception>
    public void ApplyTo(EmulatorFaults faults)
    {
        try
        {
            Faults.ForEach(fault => faults.Add(fault.Operation, fault));
            Renditions.ForEach(faults.Add);
            RateLimits.ForEach(limit => faults.LimitRate(limit.Operation, limit.PerSecond, limit.Burst, Seconds(limit.RetryAfterSeconds), limit.SendRetryAfter));
            WindowLimits.ForEach(limit => faults.LimitWindow(limit.Operation, limit.Calls, TimeSpan.FromSeconds(limit.WindowSeconds), Seconds(limit.RetryAfterSeconds), limit.SendRetryAfter));
            ConcurrencyLimits.ForEach(limit => faults.LimitConcurrency(limit.Operation, limit.Calls, Seconds(limit.RetryAfterSeconds), limit.SendRetryAfter));
            faults.TokenLifetime = Seconds(TokenLifetimeSeconds) ?? faults.TokenLifetime;
            Journal?.ApplyTo(faults.Journal);
            Webhooks?.ApplyTo(faults.Webhooks);
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw new FormatException($"The script has a value out of its range: {exception.Message}", exception);
        }
    }

    internal static TimeSpan? Seconds(double? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;

    internal sealed record RateLimit(EmulatorOperation Operation, double PerSecond, int Burst, double? RetryAfterSeconds = null, bool SendRetryAfter = true);

    internal sealed record WindowLimit(EmulatorOperation Operation, int Calls, double WindowSeconds, double? RetryAfterSeconds = null, bool SendRetryAfter = true);

    internal sealed record ConcurrencyLimit(EmulatorOperation Operation, int Calls, double? RetryAfterSeconds = null, bool SendRetryAfter = true);
}
