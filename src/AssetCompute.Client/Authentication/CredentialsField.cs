using System.Text.Json;

namespace AssetCompute.Client.Authentication;

/// <summary>A place in a credentials file, which names itself when something is wrong with it and never tells its value.</summary>
internal readonly struct CredentialsField(JsonElement element, string path, string file)
{
    public bool Has(string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    public CredentialsField Object(string name)
    {
        JsonElement value = Required(name);
        return value.ValueKind == JsonValueKind.Object
            ? new CredentialsField(value, PathOf(name), file)
            : throw Malformed(name, "must be an object");
    }

    public IReadOnlyList<CredentialsField> Items(string name)
    {
        JsonElement value = Required(name);
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Malformed(name, "must be an array");
        }

        var items = new List<CredentialsField>();
        foreach (JsonElement item in value.EnumerateArray())
        {
            items.Add(new CredentialsField(item, $"{PathOf(name)}[{items.Count}]", file));
        }

        return items;
    }

    /// <summary>A secret or a name: a text on one line.</summary>
    public string Text(string name) => Text(Required(name), PathOf(name));

    /// <summary>A text that goes into an HTTP header.</summary>
    public string Id(string name)
    {
        string text = Text(name);
        return HeaderText.IsVisibleAscii(text) ? text : throw Malformed(name, "holds white space or a character that is not ASCII");
    }

    /// <summary>A text of several lines, such as a key.</summary>
    public string Block(string name)
    {
        JsonElement value = Required(name);
        return value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text)
            ? text
            : throw Malformed(name, "must be a string that is not empty");
    }

    /// <summary>One secret at least.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        JsonElement value = Required(name);
        var texts = new List<string>();
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in value.EnumerateArray())
            {
                texts.Add(Text(item, $"{PathOf(name)}[{texts.Count}]"));
            }
        }

        return texts.Count > 0 ? texts : throw Malformed(name, "must be an array of one string at least");
    }

    /// <summary>One scope at least: an array, or a text with commas, for Adobe writes both.</summary>
    public IReadOnlyList<string> Scopes(string name)
    {
        IReadOnlyList<string> scopes = Required(name) is { ValueKind: JsonValueKind.String } text
            ? [.. text.GetString()!.Split(',').Select(static scope => scope.Trim())]
            : Texts(name);

        return scopes.All(static scope => scope.Length > 0 && HeaderText.IsVisibleAscii(scope))
            ? scopes
            : throw Malformed(name, "holds a scope that is empty or has white space in it");
    }

    /// <summary>At least one metascope: its name, or the claim that it becomes (<c>https://ims…/s/name</c>).</summary>
    public IReadOnlyList<string> Metascopes(string name)
    {
        const string claim = "/s/";
        string[] metascopes =
        [
            .. Scopes(name)
                .Select(static scope => scope.LastIndexOf(claim, StringComparison.Ordinal) is >= 0 and int at ? scope.Substring(at + claim.Length) : scope)
                .Distinct(),
        ];
        return metascopes.All(static scope => scope.Length > 0 && !scope.Contains('/'))
            ? metascopes
            : throw Malformed(name, "holds a metascope that is neither a name nor the URL that ends in '/s/' and the name");
    }

    /// <summary>Where the identity service is: a URL, or a host alone.</summary>
    public Uri Endpoint(string name)
    {
        string text = Text(name);
        string url = text.Contains("://") ? text : "https://" + text;
        return Uri.TryCreate(url, UriKind.Absolute, out Uri? endpoint) && SecureUrl.IsValid(endpoint)
            ? endpoint
            : throw Malformed(name, "must be a host or an https URL");
    }

    public AssetComputeAuthenticationException Malformed(string name, string what) => MalformedAt(PathOf(name), what);

    private string Text(JsonElement value, string at)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { } text || string.IsNullOrWhiteSpace(text))
        {
            throw MalformedAt(at, "must be a string that is not empty");
        }

        return text.Trim().Length == text.Length && !text.Any(char.IsControl)
            ? text
            : throw MalformedAt(at, "begins or ends with white space, or holds a line end");
    }

    private JsonElement Required(string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
            ? value
            : throw MalformedAt(PathOf(name), "is missing");

    private AssetComputeAuthenticationException MalformedAt(string at, string what) => new($"The credentials file '{file}': {at} {what}.");

    private string PathOf(string name) => $"{path}.{name}";
}
