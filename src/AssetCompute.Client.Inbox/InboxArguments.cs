using System.Runtime.CompilerServices;
using System.Text;

namespace AssetCompute.Client.Inbox;

/// <summary>The rules for arguments, the same for every inbox.</summary>
internal static class InboxArguments
{
    private const int MaxLength = 512;
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

    /// <exception cref="ArgumentException">The text is null, empty or too long, or contains U+0000 or an unpaired surrogate.</exception>
    public static string CheckedText(string text, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, parameter);
        if (text.Length > MaxLength)
        {
            throw new ArgumentException($"The text must have 1 to {MaxLength} characters; it has {text.Length}.", parameter);
        }

        return Storable(text) == text ? text : throw new ArgumentException("The text must not contain U+0000 or an unpaired surrogate.", parameter);
    }

    /// <summary>Returns the text with U+FFFD in place of characters that databases do not accept.</summary>
    public static string Storable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}
