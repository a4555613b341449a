using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Journal;

/// <summary>What a relay writes to the log (event ids 1310 to 1319). Never an event's content.</summary>
internal static partial class JournalRelayLog
{
    [LoggerMessage(EventId = 1310, Level = LogLevel.Information, Message = "This process reads the journal '{Name}' from {Position} on, under the fence {Fence}.")]
    public static partial void Reading(ILogger logger, string name, JournalPosition position, long fence);

    [LoggerMessage(EventId = 1311, Level = LogLevel.Warning, Message = "This process has lost the lease of the journal '{Name}' and stops reading it.")]
    public static partial void LeaseLost(ILogger logger, string name);

    // Without the exception: a sink's may quote the address of its broker with the password.
    [LoggerMessage(EventId = 1312, Level = LogLevel.Warning, Message = "Relaying the journal '{Name}' failed ({Type}): {Failure} The next attempt comes in {Delay}, at the position that is saved.")]
    public static partial void ReadingFailed(ILogger logger, string name, string type, string failure, TimeSpan delay);

    [LoggerMessage(EventId = 1313, Level = LogLevel.Error, Message = "Reading the journal '{Name}' has ended.")]
    public static partial void ReadingEnded(ILogger logger, Exception exception, string name);

    [LoggerMessage(EventId = 1314, Level = LogLevel.Debug, Message = "{Published} of {Count} events of the journal '{Name}' were published.")]
    public static partial void Published(ILogger logger, int published, int count, string name);

    [LoggerMessage(EventId = 1315, Level = LogLevel.Warning, Message = "The lease '{Lease}' could not be renewed: {Failure} Where it ends before the next attempt, this process stops reading.")]
    public static partial void LeaseNotRenewed(ILogger logger, string lease, string failure);

    [LoggerMessage(EventId = 1316, Level = LogLevel.Warning, Message = "The lease '{Lease}' could not be released, and expires on its own: {Failure}")]
    public static partial void LeaseNotReleased(ILogger logger, string lease, string failure);
}
