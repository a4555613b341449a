using System.Runtime.CompilerServices;

namespace AssetCompute.Client.Inbox;

/// <summary>The ranges of the arguments, the same for every inbox.</summary>
internal static class InboxArguments
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(30);

    public static void CheckMessages(IReadOnlyList<InboxMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (messages.Any(static message => message is null))
        {
            throw new ArgumentNullException(nameof(messages), "An event is null.");
        }
    }

    public static void CheckDuration(TimeSpan duration, [CallerArgumentExpression(nameof(duration))] string? parameter = null)
    {
        if (duration <= TimeSpan.Zero || duration > s_longest)
        {
            throw new ArgumentOutOfRangeException(parameter, duration, "The time must be over zero, up to 30 days.");
        }
    }
}
