using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>
/// Validates the format of <c>/process</c> requests, so that a malformed request fails immediately with a message that names the field. Whether a URL works
/// and a format is supported is reported later, in events.
/// </summary>
internal static class ProcessRequest
{
    /// <summary>Reads a request's body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="policy">Determines which workers may be called over plain HTTP.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The request, and its serialized size in bytes.</returns>
    /// <exception cref="FormatException">The body is malformed. The message names the field.</exception>
    public static async Task<(JsonObject Request, long Bytes)> ReadAsync(Stream body, NetworkPolicy policy, CancellationToken cancellationToken)
    {
        try
        {
            var json = await JsonText.ReadAsync(body, cancellationToken).ConfigureAwait(false);
            var request = json as JsonObject ?? throw new FormatException("The body must be a JSON object.");
            Check(request, policy);

            // A lone surrogate can be read but not written, so the events that contain it could not be sent.
            return (request, JsonText.ToBytes(request).Length);
        }
        catch (InvalidOperationException exception)
        {
            throw new FormatException("The body has a text that is no Unicode, such as half of a surrogate pair.", exception);
        }
        catch (JsonException exception)
        {
            throw new FormatException(
                $"The body is not valid JSON{(exception is { LineNumber: { } line, BytePositionInLine: { } place } ? $": line {line + 1}, byte {place + 1}" : "")}.", exception);
        }
    }

    private static void Check(JsonObject request, NetworkPolicy policy)
    {
        if (!request.TryGetPropertyValue("renditions", out var list) || list is null)
        {
            throw new FormatException("'renditions' is missing.");
        }

        if (list is not JsonArray renditions)
        {
            throw new FormatException("'renditions' is not an array.");
        }

        if (renditions.Count == 0)
        {
            throw new FormatException("'renditions' array is empty.");
        }

        for (var i = 0; i < renditions.Count; i++)
        {
            CheckRendition(renditions[i] as JsonObject ?? throw new FormatException($"'renditions[{i}]' is not an object."), $"renditions[{i}]", policy);
        }

        CheckSource(request, renditions);
        if (request["userData"] is not (null or JsonObject))
        {
            throw new FormatException("'userData' is not an object.");
        }
    }

    private static void CheckSource(JsonObject request, JsonArray renditions)
    {
        switch (request["source"])
        {
            case null:
                // Archives name their own files, and only a custom application knows what it needs.
                if (renditions.OfType<JsonObject>().Any(rendition => rendition["worker"] is null && rendition["fmt"].StringOf() != "zip"))
                {
                    throw new FormatException("'source' is missing.");
                }

                break;
            case JsonObject described when described["url"].StringOf() is not { Length: > 0 }:
                throw new FormatException("'source.url' is missing or not a string.");
            case JsonObject:
                break;
            case var text when text.StringOf() is not { Length: > 0 }:
                throw new FormatException("'source' is neither a URL nor an object.");
        }
    }

    private static void CheckRendition(JsonObject rendition, string name, NetworkPolicy policy)
    {
        if (rendition["fmt"] is { } fmt && fmt.StringOf() is null)
        {
            throw new FormatException($"'{name}.fmt' is not a string.");
        }

        if (rendition["worker"] is { } worker && !(Uri.TryCreate(worker.StringOf(), UriKind.Absolute, out var url) && IsWeb(url, policy)))
        {
            throw new FormatException($"'{name}.worker' is not an https URL.");
        }

        if (rendition["fmt"] is null && rendition["type"] is null && rendition["worker"] is null)
        {
            throw new FormatException($"'{name}.fmt' is missing.");
        }

        if (rendition["userData"] is not (null or JsonObject))
        {
            throw new FormatException($"'{name}.userData' is not an object.");
        }

        CheckTarget(rendition["target"] ?? rendition["url"], $"{name}.target");
    }

    private static void CheckTarget(JsonNode? target, string name)
    {
        switch (target)
        {
            case null:
                throw new FormatException($"'{name}' is missing.");
            case JsonObject parts when parts["urls"] is { } urls && (urls is not JsonArray array || array.Any(url => url.StringOf() is null)):
                throw new FormatException($"'{name}.urls' is not an array of strings.");
            case JsonObject:
                break;
            case var url when url.StringOf() is not { Length: > 0 }:
                throw new FormatException($"'{name}' is neither a string nor an object.");
        }
    }

    private static bool IsWeb(Uri url, NetworkPolicy policy) =>
        url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && policy.Refusal(url) is null);
}
