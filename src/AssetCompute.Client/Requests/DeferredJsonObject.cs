using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Client;

/// <summary>
/// A JSON object that is built from its bytes when somebody reads it: many readers of events never look at user data, and it is the dearest part of an event.
/// </summary>
/// <remarks>Two of them are equal when they hold the same object, as properties of that type would be: copies of a record share theirs.</remarks>
internal sealed class DeferredJsonObject : IEquatable<DeferredJsonObject>
{
    /// <summary>As deep as events are read.</summary>
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 256 };

    private readonly int _start;
    private readonly int _length;
    private byte[]? _json;
    private JsonObject? _value;

    private DeferredJsonObject(JsonObject value) => _value = value;

    private DeferredJsonObject(byte[] json, int start, int length)
    {
        _json = json;
        _start = start;
        _length = length;
    }

    /// <summary>The object; the same at each call.</summary>
    public JsonObject Value
    {
        get
        {
            if (Volatile.Read(ref _value) is null && Volatile.Read(ref _json) is { } json)
            {
                JsonObject built = JsonNode.Parse(json.AsSpan(_start, _length), nodeOptions: null, s_options)!.AsObject();
                Interlocked.CompareExchange(ref _value, built, null);
                Volatile.Write(ref _json, null);
            }

            return Volatile.Read(ref _value)!;
        }
    }

    public static DeferredJsonObject? Of(JsonObject? value) => value is null ? null : new DeferredJsonObject(value);

    /// <summary>Reads the value after a name.</summary>
    /// <param name="reader">Stands at the name.</param>
    /// <param name="own">The bytes that the reader reads, where they stay as they are; empty where the object must be built at once.</param>
    /// <param name="value">The object; null for a null, and where the value is of another kind.</param>
    /// <returns>False where the value is of another kind.</returns>
    public static bool TryRead(ref Utf8JsonReader reader, ArraySegment<byte> own, out DeferredJsonObject? value)
    {
        if (own.Array is not { } array)
        {
            bool known = JsonFields.TryReadObject(ref reader, out JsonObject? built);
            value = Of(built);
            return known;
        }

        value = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return reader.TokenType == JsonTokenType.Null;
        }

        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        value = new DeferredJsonObject(array, own.Offset + start, (int)reader.BytesConsumed - start);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(DeferredJsonObject? other) =>
        ReferenceEquals(this, other) || (Volatile.Read(ref _value) is { } value && other is not null && ReferenceEquals(value, Volatile.Read(ref other._value)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DeferredJsonObject);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();
}
