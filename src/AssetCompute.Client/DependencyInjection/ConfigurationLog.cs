using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Log messages of the configuration (event id 1900).</summary>
internal static partial class ConfigurationLog
{
    [LoggerMessage(EventId = 1900, Level = LogLevel.Error, Message = "The configuration was reloaded and is not valid. The last valid {Options} of '{Name}' stay in use: {Reason}")]
    public static partial void ReloadFailed(ILogger logger, string options, string name, string reason);
}
