using System.Text;

namespace AssetCompute.Client.Inbox;

/// <summary>Texts that every store can keep.</summary>
internal static class InboxText
{
    private const int MaxLength = 512;

    /// <exception cref="ArgumentException">The text is null, empty or too long, or holds U+0000 or half a surrogate pair.</exception>
    public static string Checked(string text, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(text, parameter);
        if (text.Length > MaxLength)
        {
            throw new ArgumentException($"The text must have 1 to {MaxLength} characters; it has {text.Length}.", parameter);
        }

        return Storable(text) == text ? text : throw new ArgumentException("The text must not hold U+0000 or half a surrogate pair.", parameter);
    }

    /// <summary>The text with U+FFFD for what databases do not take.</summary>
    public static string Storable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', '\uFFFD');
}
