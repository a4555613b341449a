namespace AssetCompute.Client.Tests.Diagnostics;

/// <summary>What an instrument of the client was told.</summary>
internal sealed record Measurement(string Instrument, double Value, IReadOnlyList<KeyValuePair<string, object?>> Tags)
{
    /// <summary>The value of a tag; null without the tag.</summary>
    public object? this[string key] => Tags.FirstOrDefault(tag => tag.Key == key).Value;

    public bool Has(string key) => Tags.Any(tag => tag.Key == key);
}
