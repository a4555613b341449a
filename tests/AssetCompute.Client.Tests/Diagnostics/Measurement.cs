namespace AssetCompute.Client.Tests.Diagnostics;

/// <summary>A measurement that an instrument of the client recorded.</summary>
internal sealed record Measurement(string Instrument, double Value, IReadOnlyList<KeyValuePair<string, object?>> Tags)
{
    /// <summary>The value of a tag, or null if there is no such tag.</summary>
    public object? this[string key] => Tags.FirstOrDefault(tag => tag.Key == key).Value;

    public bool Has(string key) => Tags.Any(tag => tag.Key == key);
}
