using System.Text.Json;
using System.Text.Json.Serialization;
using AssetCompute.Client.Diagnostics;

namespace AssetCompute.Client;

/// <summary>A rendition could not be created or uploaded.</summary>
public sealed record RenditionFailed : RenditionEvent
{
    internal const string TypeName = "rendition_failed";
    private const int MaxShownCharacters = 1000;

    /// <summary>Why the rendition failed: one of an open set.</summary>
    [JsonPropertyName("errorReason")]
    [JsonConverter(typeof(RenditionFailureReason.Converter))]
    public RenditionFailureReason Reason { get; init; }

    /// <summary>
    /// The service's own description of the failure; null if there is none. It may contain signed URLs; <see cref="object.ToString"/> shows it without their
    /// signatures.
    /// </summary>
    [JsonPropertyName("errorMessage")]
    [JsonConverter(typeof(MessageConverter))]
    public string? Message { get; init; }

    /// <summary>The file information that the service reports; null if there is none.</summary>
    /// <remarks>The API page promises the size here after <see cref="RenditionFailureReason.RenditionTooLarge"/>; Adobe's worker sends none.</remarks>
    [JsonPropertyName("metadata")]
    public RenditionMetadata? Metadata { get; init; }

    private protected override string DefaultType => TypeName;

    private protected override string Describe() =>
        $"{nameof(RenditionFailed)} {{ RequestId = {RequestId}, Rendition = {Rendition}, Reason = {Reason}, Message = {(Message is null ? null : RedactedText.Of(Message, MaxShownCharacters))}{(Hint() is { } hint ? $", Hint = {hint}" : null)} }}";

    /// <summary>Returns which signed URLs had expired when the rendition failed; null if there are none, or if the reason is not related to them.</summary>
    /// <param name="target">The target of the rendition, which the event does not contain. Default: none.</param>
    internal string? Hint(RenditionTarget? target = null)
    {
        if (Reason == RenditionFailureReason.RenditionFormatUnsupported || Reason == RenditionFailureReason.SourceFormatUnsupported || Reason == RenditionFailureReason.RenditionTooLarge)
        {
            return null;
        }

        string?[] expired =
        [
            SignedUrlExpiry.TextOf("source", Source?.Url, Date),
            SignedUrlExpiry.TextOf("watermark", Rendition.Watermark?.Image, Date),
            (Rendition.Files ?? []).Select(file => SignedUrlExpiry.TextOf("file", file?.Url, Date)).FirstOrDefault(static text => text is not null),
            (target?.Urls ?? []).Select(url => SignedUrlExpiry.TextOf("target", url, Date)).FirstOrDefault(static text => text is not null),
        ];
        string hint = string.Join("; ", expired.Where(static text => text is not null));
        return hint.Length > 0 ? hint : null;
    }

    /// <summary>Reads a string, or any other value as its JSON text: Adobe's worker sends whatever was thrown, which is not always a string.</summary>
    internal sealed class MessageConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            // The raw escapes of an unpaired surrogate, as in a truncated message, are better than no text.
            (reader.TokenType == JsonTokenType.String ? reader.Text() : null) ?? JsonElement.ParseValue(ref reader).GetRawText().Trim('"');

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
