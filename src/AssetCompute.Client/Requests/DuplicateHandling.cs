using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>
/// What to do with several files with the same path in an archive. An open set: any name can be used.
/// </summary>
/// <remarks>Source: the instruction <c>duplicate</c> of the API page.</remarks>
[JsonConverter(typeof(Converter))]
public readonly record struct DuplicateHandling
{
    internal DuplicateHandling(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        Value = value;
    }

    /// <summary>The first file of a path is stored; later files are ignored.</summary>
    public static DuplicateHandling Ignore { get; } = new("ignore");

    /// <summary>The name on the wire.</summary>
    public string Value => field ?? "";

    /// <summary>Creates a value from its name on the wire.</summary>
    /// <param name="value">The name, as the service writes it.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is null or empty.</exception>
    public static implicit operator DuplicateHandling(string value) => new(value);

    /// <summary>Returns the name on the wire.</summary>
    public override string ToString() => Value;

    internal sealed class Converter() : OpenSetJsonConverter<DuplicateHandling>(static value => new(value), static value => value.Value);
}
