using System.Text;

namespace AssetCompute.Client.Inbox;

/// <summary>Strings that every store accepts.</summary>
internal static class InboxText
{
    private const int MaxLength = 512;

    /// <exception cref="ArgumentException">The text is null, empty or too long, or contains U+0000 or an unpaired surrogate.</exception>
    public static string Checked(string text, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, parameter);
        if (text.Length > MaxLength)
        {
            throw new ArgumentException($"The text must have 1 to {MaxLength} characters; it has {text.Length}.", parameter);
        }

        return Storable(text) == text ? text : throw new ArgumentException("The text must not hold U+0000 or half a surrogate pair.", parameter);
    }

    /// <summary>Returns the text with U+FFFD in place of characters that databases do not accept.</summary>
    public static string Storable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}
