namespace AssetCompute.Client.Inbox;

/// <summary>The ranges of an inbox's arguments, the same for every inbox.</summary>
internal static class InboxArguments
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(30);

    public static void CheckMessages(IReadOnlyList<InboxMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        for (int i = 0; i < messages.Count; i++)
        {
            if (messages[i] is null)
            {
                throw new ArgumentNullException(nameof(messages), $"The event {i} is null.");
            }
        }
    }

    public static void CheckCount(int maxCount, string parameter)
    {
        if (maxCount <= 0)
        {
            throw new ArgumentOutOfRangeException(parameter, maxCount, "The count must be over 0.");
        }
    }

    public static void CheckDuration(TimeSpan duration, string parameter)
    {
        if (duration <= TimeSpan.Zero || duration > s_longest)
        {
            throw new ArgumentOutOfRangeException(parameter, duration, "The time must be over zero, up to 30 days.");
        }
    }

    public static void CheckRetention(TimeSpan retention, string parameter)
    {
        if (retention < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(parameter, retention, "The retention must be zero or more.");
        }
    }
}
