using System.Text.Json;
using System.Text.RegularExpressions;

namespace AssetCompute.Client.Authentication;

/// <summary>A value in a credentials file. An error contains its path, never its content.</summary>
internal sealed class CredentialsField(JsonElement value, string path, string file)
{
    /// <summary>Returns a required field of this object.</summary>
    public CredentialsField this[string name] =>
        value.ValueKind != JsonValueKind.Object ? throw Malformed("must be an object")
        : Optional(name) ?? throw new CredentialsField(default, $"{path}.{name}", file).Malformed("is missing");

    public CredentialsField? Optional(string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement field) && field.ValueKind != JsonValueKind.Null
            ? new CredentialsField(field, $"{path}.{name}", file)
            : null;

    public bool Has(string name) => Optional(name) is not null;

    public IReadOnlyList<CredentialsField> Items() => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select((item, index) => new CredentialsField(item, $"{path}[{index}]", file))]
        : throw Malformed("must be an array");

    /// <summary>Returns a text of several lines, such as a key.</summary>
    public string Block() => value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text)
        ? text
        : throw Malformed("must be a string that is not empty");

    /// <summary>Returns a secret or a name: a text on one line.</summary>
    public string Text()
    {
        string text = Block();
        return text.Trim().Length == text.Length && !text.Any(char.IsControl)
            ? text
            : throw Malformed("begins or ends with white space, or contains a line end");
    }

    /// <summary>Returns a text for an HTTP header.</summary>
    public string Id() => Text() is { } text && HeaderText.IsVisibleAscii(text) ? text : throw Malformed("contains white space or a character that is not ASCII");

    /// <summary>Returns at least one text.</summary>
    public IReadOnlyList<string> Texts() => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0
        ? [.. Items().Select(static item => item.Text())]
        : throw Malformed("must be an array of one string at least");

    /// <summary>Returns at least one scope, from an array or a comma-separated text: Adobe writes both.</summary>
    public IReadOnlyList<string> Scopes()
    {
        IReadOnlyList<string> scopes = value.ValueKind == JsonValueKind.String ? [.. value.GetString()!.Split(',').Select(static scope => scope.Trim())] : Texts();
        return scopes.All(static scope => scope.Length > 0 && HeaderText.IsVisibleAscii(scope))
            ? scopes
            : throw Malformed("contains a scope that is empty or has white space in it");
    }

    /// <summary>Returns at least one metascope: its name, or the claim for it (<c>https://ims…/s/name</c>).</summary>
    public IReadOnlyList<string> Metascopes() =>
    [
        .. Scopes().Select(scope => Regex.Match(scope, "^(?:.*/s/)?([^/]+)$") is { Success: true } match
            ? match.Groups[1].Value
            : throw Malformed("contains a metascope that is neither a name nor the URL that ends in '/s/' and the name")).Distinct(),
    ];

    /// <summary>Returns the address of the identity service: a URL, or a host.</summary>
    public Uri Endpoint()
    {
        string text = Text();
        return Uri.TryCreate(text.Contains("://") ? text : "https://" + text, UriKind.Absolute, out Uri? endpoint) && SecureUrl.IsValid(endpoint)
            ? endpoint
            : throw Malformed("must be a host or an https URL");
    }

    public AssetComputeAuthenticationException Malformed(string what) => new($"The credentials file '{file}': {path} {what}.");
}
