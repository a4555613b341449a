using System.Globalization;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>Builds <c>rendition_created</c> and <c>rendition_failed</c> events with the same members as Adobe's worker.</summary>
internal sealed class RenditionEvents(TimeProvider clock, WireSpelling spelling)
{
    /// <summary>The maximum size to embed, regardless of the request. With a larger limit in the request, nothing is embedded.</summary>
    private const int MostEmbedded = 32 * 1024;

    private bool Documented => spelling == WireSpelling.Documentation;

    public async Task<JsonObject> CreatedAsync(RenditionTask rendition, RenditionContent content, string? data, CancellationToken cancellationToken)
    {
        var metadata = new JsonObject
        {
            ["repo:size"] = content.Length,
            ["repo:sha1"] = content.Length > 0 ? await content.Sha1Async(cancellationToken).ConfigureAwait(false) : null,
            ["dc:format"] = content.MediaType,
        };
        if (content.Charset is { } charset)
        {
            metadata["repo:encoding"] = charset;
        }

        if (content.Pixels is var (width, height))
        {
            metadata[Documented ? "tiff:ImageWidth" : "tiff:imageWidth"] = width;
            metadata[Documented ? "tiff:ImageLength" : "tiff:imageHeight"] = height;
        }

        var created = new JsonObject { ["rendition"] = InstructionsOf(rendition), ["metadata"] = metadata };
        if (data is not null)
        {
            created["data"] = data;
        }

        return WithCommon(created, "rendition_created", rendition);
    }

    public JsonObject Failed(RenditionTask rendition, RenditionFailure failure)
    {
        var failed = new JsonObject
        {
            ["rendition"] = InstructionsOf(rendition),
            ["errorReason"] = failure.Reason,
            ["errorMessage"] = failure.Message,
        };
        if (failure.Duration is { } duration)
        {
            failed["duration"] = duration.TotalSeconds;
        }

        if (Documented && failure.Size is { } size)
        {
            failed["metadata"] = new JsonObject { ["repo:size"] = size };
        }

        return WithCommon(failed, "rendition_failed", rendition);
    }

    /// <summary>Whether a rendition goes into its event instead of to its target. It must fit an integer limit of at most 32 KiB.</summary>
    public static bool IsEmbedded(JsonObject instructions, long size) =>
        instructions["embedBinaryLimit"].NumberOf() is { } limit && double.IsInteger(limit) && limit <= MostEmbedded && size <= limit;

    private JsonObject WithCommon(JsonObject @event, string type, RenditionTask rendition)
    {
        var job = rendition.Job;
        @event["type"] = type;
        @event["date"] = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        @event["requestId"] = job.RequestId;
        if (SourceOf(job) is { } source)
        {
            @event["source"] = source;
        }

        var userData = Documented ? rendition.Instructions["userData"] ?? job.UserData : job.UserData;
        if (userData is not null)
        {
            @event["userData"] = userData.DeepClone();
        }

        return @event;
    }

    private JsonNode? SourceOf(Job job)
    {
        if (job.SourceUrl is not { } url)
        {
            return job.Source?.DeepClone();
        }

        return Documented
            ? job.Source as JsonObject is { } described ? described.DeepClone() : new JsonObject { ["url"] = url }
            : url;
    }

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
