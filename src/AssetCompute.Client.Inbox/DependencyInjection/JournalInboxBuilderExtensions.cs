using AssetCompute.Client;
using AssetCompute.Client.Inbox;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers services that read journals into the application's <see cref="IEventInbox"/>.</summary>
public static class JournalInboxBuilderExtensions
{
    /// <summary>
    /// Reads a journal into the application's inbox as a hosted service. Stores events and position in one transaction. If many instances share one inbox,
    /// one of them reads; another takes over when it ends. <c>AddHealthChecks().AddJournalRelay("journal")</c> reports whether the journal is read. An
    /// <see cref="IEventInbox"/> must be registered.
    /// </summary>
    /// <param name="builder">The account.</param>
    /// <param name="name">The name of the position in the inbox, of the options and of the health check; 1 to 500 characters. Default: <c>journal</c>.</param>
    /// <param name="configure">Sets the options. Default: the defaults. They are checked when the host starts.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentException"><paramref name="builder"/> is null, or <paramref name="name"/> is empty or too long.</exception>
    /// <exception cref="InvalidOperationException">The name is already used.</exception>
    public static IAssetComputeBuilder AddJournalInbox(this IAssetComputeBuilder builder, string name = "journal", Action<JournalRelayOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddJournalRelay(name, static provider => new InboxSink(InboxRegistration.InboxOf(provider)), InboxRegistration.InboxOf, configure);
    }
}
