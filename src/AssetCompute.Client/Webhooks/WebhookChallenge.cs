namespace AssetCompute.Client.Webhooks;

/// <summary>
/// The challenge by which Adobe finds out that an address belongs to who registers it: it is repeated. Anybody may ask, so only what a challenge can be
/// made of is repeated, and nothing that a browser could take for a page.
/// </summary>
internal static class WebhookChallenge
{
    private const int MaxLength = 512;

    public static bool IsValid(string? challenge) => challenge is { Length: > 0 and <= MaxLength } && challenge.All(IsAllowed);

    private static bool IsAllowed(char character) =>
        character is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_' or '.' or '~' or '+' or '/' or '=' or ':';
}
