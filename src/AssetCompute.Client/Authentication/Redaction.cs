using System.Text;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// Makes a text that came from outside fit for a log or an exception: without the secrets that the request held, without control characters,
/// and of bounded length.
/// </summary>
internal sealed class Redaction
{
    private const string Shown = "***";

    private readonly List<string> _secrets = [];

    public Redaction(IEnumerable<string> secrets)
    {
        foreach (string secret in secrets)
        {
            if (secret.Length > 0)
            {
                Add(secret);
                Add(Uri.EscapeDataString(secret));
                Add(Uri.EscapeDataString(secret).Replace("%20", "+"));
            }
        }

        // The longest first, or a secret that holds another would leave its rest behind.
        _secrets.Sort(static (left, right) => right.Length.CompareTo(left.Length));
    }

    public string? Of(string? text, int longest)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        string shown = text!;
        foreach (string secret in _secrets)
        {
            shown = shown.Replace(secret, Shown);
        }

        var clean = new StringBuilder(Math.Min(shown.Length, longest));
        foreach (char character in shown)
        {
            if (clean.Length == longest)
            {
                clean.Append('…');
                break;
            }

            clean.Append(char.IsControl(character) ? ' ' : character);
        }

        return clean.ToString();
    }

    private void Add(string secret)
    {
        if (!_secrets.Contains(secret))
        {
            _secrets.Add(secret);
        }
    }
}
