using System.Globalization;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>A job that has ended, as JSON, for the page of the next run.</summary>
internal static class JobRecord
{
    public static byte[] Of(Job job) => JsonText.ToBytes(new JsonObject
    {
        ["id"] = job.Id.ToString("N"),
        ["clientId"] = job.ClientId,
        ["requestId"] = job.RequestId,
        ["acceptedAt"] = Text(job.AcceptedAt),
        ["fetchedAt"] = Text(job.FetchedAt),
        ["sourceWidth"] = job.SourcePixels?.Width,
        ["sourceHeight"] = job.SourcePixels?.Height,
        ["request"] = job.Request.DeepClone(),
        ["renditions"] = new JsonArray([.. job.Renditions.Select(rendition => new JsonObject
        {
            ["state"] = rendition.State.ToString(),
            ["problem"] = rendition.Problem,
            ["event"] = rendition.Event is { } json ? JsonNode.Parse(json) : null,
            ["startedAt"] = Text(rendition.StartedAt),
            ["renderedAt"] = Text(rendition.RenderedAt),
            ["uploadedAt"] = Text(rendition.UploadedAt),
            ["endedAt"] = Text(rendition.EndedAt),
        })]),
    });

    public static Job Read(JsonNode record)
    {
        var request = record["request"]!.AsObject();
        var job = new Job(record["clientId"]!.GetValue<string>(), record["requestId"]!.GetValue<string>(), request.DeepClone().AsObject(), Time(record["acceptedAt"])!.Value)
        {
            Id = Guid.ParseExact(record["id"]!.GetValue<string>(), "N"),
            RequestBytes = JsonText.ToBytes(request).Length,
            FetchedAt = Time(record["fetchedAt"]),
            SourcePixels = record["sourceWidth"].NumberOf() is { } width && record["sourceHeight"].NumberOf() is { } height ? ((int)width, (int)height) : null,
        };
        foreach (var (rendition, saved) in job.Renditions.Zip(record["renditions"]!.AsArray()))
        {
            rendition.StartedAt = Time(saved!["startedAt"]);
            rendition.RenderedAt = Time(saved["renderedAt"]);
            rendition.UploadedAt = Time(saved["uploadedAt"]);
            rendition.State = Enum.Parse<RenditionState>(saved["state"]!.GetValue<string>());
            rendition.Problem = saved["problem"].StringOf();
            if (saved["event"] is { } @event)
            {
                rendition.TryEnd(rendition.State, JsonText.ToBytes(@event), Time(saved["endedAt"]) ?? job.AcceptedAt);
            }
        }

        return job;
    }

    private static string? Text(DateTimeOffset? time) => time?.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(JsonNode? node) => node.StringOf() is { } text ? DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture) : null;
}
