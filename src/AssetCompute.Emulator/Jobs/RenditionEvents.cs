using System.Globalization;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Builds <c>rendition_created</c> and <c>rendition_failed</c> events with the same members as Adobe's worker.</summary>
internal sealed class RenditionEvents(TimeProvider clock, WireSpelling spelling)
{
    /// <summary>The maximum size to embed, regardless of the request. With a larger limit in the request, nothing is embedded.</summary>
    private const int MostEmbedded = 32 * 1024;

    private bool Documented => spelling == WireSpelling.Documentation;

    public async Task<JsonObject> CreatedAsync(RenditionTask rendition, RenditionContent content, string? data, CancellationToken cancellationToken) =>
        EventOf(rendition, "rendition_created", new()
        {
            ["metadata"] = new JsonObject
            {
                ["repo:size"] = content.Length,
                ["repo:sha1"] = content.Length > 0 ? await content.Sha1Async(cancellationToken).ConfigureAwait(false) : null,
                ["dc:format"] = content.MediaType,
                ["repo:encoding"] = content.Charset,
                [Documented ? "tiff:ImageWidth" : "tiff:imageWidth"] = content.Pixels?.Width,
                [Documented ? "tiff:ImageLength" : "tiff:imageHeight"] = content.Pixels?.Height,
            }.WithoutNulls(),
            ["data"] = data,
        });

    public JsonObject Failed(RenditionTask rendition, RenditionFailure failure) => EventOf(rendition, "rendition_failed", new()
    {
        ["errorReason"] = failure.Reason,
        ["errorMessage"] = failure.Message,
        ["duration"] = failure.Duration?.TotalSeconds,
        ["metadata"] = Documented && failure.Size is { } size ? new JsonObject { ["repo:size"] = size } : null,
    });

    /// <summary>Whether a rendition goes into its event instead of to its target. It must fit an integer limit of at most 32 KiB.</summary>
    public static bool IsEmbedded(JsonObject instructions, long size) =>
        instructions["embedBinaryLimit"].NumberOf() is { } limit && double.IsInteger(limit) && limit <= MostEmbedded && size <= limit;

    private JsonObject EventOf(RenditionTask rendition, string type, JsonObject @event)
    {
        var job = rendition.Job;
        @event["rendition"] = InstructionsOf(rendition);
        @event["type"] = type;
        @event["date"] = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        @event["requestId"] = job.RequestId;
        @event["source"] = SourceOf(job);
        @event["userData"] = ((Documented ? rendition.Instructions["userData"] : null) ?? job.UserData)?.DeepClone();
        return @event.WithoutNulls();
    }

    private JsonNode? SourceOf(Job job) => job switch
    {
        { SourceUrl: { } url } when !Documented => url,
        { SourceUrl: { } url, Source: not JsonObject } => new JsonObject { ["url"] = url },
        _ => job.Source?.DeepClone(),
    };

    private static JsonObject InstructionsOf(RenditionTask rendition)
    {
        var instructions = rendition.Instructions.DeepClone().AsObject();
        instructions.Remove("target");
        if (instructions["fmt"] is null && rendition.Format.Length > 0)
        {
            instructions["fmt"] = rendition.Format;
        }

        return instructions;
    }
}
