using AssetCompute.Client.Inbox;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What everything that works with the inbox needs of the services.</summary>
internal static class InboxRegistration
{
    public static IEventInbox InboxOf(IServiceProvider provider) =>
        provider.GetService<IEventInbox>() ?? throw new InvalidOperationException($"There is no inbox: register an {nameof(IEventInbox)}, as AddSqliteInbox of AssetCompute.Client.Sqlite and AddPostgreSqlInbox of AssetCompute.Client.PostgreSql do.");

    public static ILogger LoggerOf(IServiceProvider provider) => provider.GetService<ILoggerFactory>()?.CreateLogger(InboxLog.Category) ?? NullLogger.Instance;
}
