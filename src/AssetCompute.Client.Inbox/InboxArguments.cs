using System.Runtime.CompilerServices;

namespace AssetCompute.Client.Inbox;

/// <summary>The ranges of the arguments, the same for every inbox.</summary>
internal static class InboxArguments
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(30);

    public static void CheckMessages(IReadOnlyList<InboxMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        foreach (InboxMessage message in messages)
        {
            ArgumentNullException.ThrowIfNull(message, nameof(messages));
        }
    }

    public static void CheckDuration(TimeSpan duration, [CallerArgumentExpression(nameof(duration))] string? parameter = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero, parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, s_longest, parameter);
    }
}
