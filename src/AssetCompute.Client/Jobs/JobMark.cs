using System.Text.Json.Nodes;

namespace AssetCompute.Client.Jobs;

/// <summary>What the client adds to the user data of a rendition, so that the event finds its job (<see cref="ReservedUserData"/>).</summary>
/// <param name="RequestId">The id of the request, as the client sent it; null when the event does not say.</param>
/// <param name="Index">The index of the rendition in its request; null when the event does not say.</param>
internal readonly record struct JobMark(string? RequestId, int? Index)
{
    public static JobMark Of(RenditionEvent rendition)
    {
        try
        {
            return rendition.Rendition.UserData?[ReservedUserData.Key] is JsonObject mark
                ? new JobMark(Value<string>(mark[ReservedUserData.Request]), mark[ReservedUserData.Index] is JsonValue index && index.TryGetValue(out int value) ? value : null)
                : default;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // User data of another client, with names that are not Unicode or that stand there twice.
            return default;
        }
    }

    private static T? Value<T>(JsonNode? node)
        where T : class => node is JsonValue value && value.TryGetValue(out T? typed) ? typed : null;
}
