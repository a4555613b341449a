using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>Validates the format of <c>/process</c> requests. The messages name the field. Unusable URLs and unsupported formats are reported later, in events.</summary>
internal static class ProcessRequest
{
    /// <summary>Reads the body of a request.</summary>
    /// <returns>The request, and its serialized size in bytes.</returns>
    /// <exception cref="FormatException">The body is malformed. The message names the field.</exception>
    public static async Task<(JsonObject Request, long Bytes)> ReadAsync(HttpRequest http, NetworkPolicy policy)
    {
        try
        {
            var request = JsonText.Read(await http.ReadBytesAsync().ConfigureAwait(false)) as JsonObject ?? throw new FormatException("The body must be a JSON object.");
            return (request, Check(request, policy));
        }
        catch (InvalidOperationException exception)
        {
            // A lone surrogate can be read but not written, so the events that contain it could not be sent.
            throw new FormatException("The body has a string that is not valid Unicode, such as half of a surrogate pair.", exception);
        }
        catch (JsonException exception)
        {
            throw new FormatException(
                $"The body is not valid JSON{(exception is { LineNumber: { } line, BytePositionInLine: { } place } ? $": line {line + 1}, byte {place + 1}" : "")}.", exception);
        }
    }

    /// <summary>Validates a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="policy">Determines which workers may be called over plain HTTP.</param>
    /// <returns>The serialized size in bytes.</returns>
    /// <exception cref="FormatException">The request is malformed. The message names the field.</exception>
    public static long Check(JsonObject request, NetworkPolicy policy)
    {
        Require(request["renditions"] is not null, "'renditions' is missing.");
        Require(request["renditions"] is JsonArray, "'renditions' is not an array.");
        var renditions = request["renditions"]!.AsArray();
        Require(renditions.Count > 0, "'renditions' array is empty.");
        foreach (var (index, rendition) in renditions.Index())
        {
            CheckRendition(rendition as JsonObject ?? throw new FormatException($"'renditions[{index}]' is not an object."), $"renditions[{index}]", policy);
        }

        switch (request["source"])
        {
            case null:
                // Archives name their own files, and only a custom application knows what it needs.
                Require(renditions.OfType<JsonObject>().All(rendition => rendition["worker"] is not null || rendition["fmt"].StringOf() == "zip"), "'source' is missing.");
                break;
            case JsonObject described:
                Require(described["url"].StringOf() is { Length: > 0 }, "'source.url' is missing or not a string.");
                break;
            case var text:
                Require(text.StringOf() is { Length: > 0 }, "'source' is neither a URL nor an object.");
                break;
        }

        Require(request["userData"] is null or JsonObject, "'userData' is not an object.");
        return JsonText.ToBytes(request).Length;
    }

    private static void CheckRendition(JsonObject rendition, string name, NetworkPolicy policy)
    {
        Require(rendition["fmt"] is not { } fmt || fmt.StringOf() is not null, $"'{name}.fmt' is not a string.");
        Require(
            rendition["worker"] is not { } worker || (Uri.TryCreate(worker.StringOf(), UriKind.Absolute, out var url) && IsWeb(url, policy)),
            $"'{name}.worker' is not an https URL.");
        Require((rendition["fmt"] ?? rendition["type"] ?? rendition["worker"]) is not null, $"'{name}.fmt' is missing.");
        Require(rendition["userData"] is null or JsonObject, $"'{name}.userData' is not an object.");
        switch (rendition["target"] ?? rendition["url"])
        {
            case null:
                throw new FormatException($"'{name}.target' is missing.");
            case JsonObject parts:
                Require(parts["urls"] is null || (parts["urls"] is JsonArray urls && urls.All(url => url.StringOf() is not null)), $"'{name}.target.urls' is not an array of strings.");
                break;
            case var text:
                Require(text.StringOf() is { Length: > 0 }, $"'{name}.target' is neither a string nor an object.");
                break;
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new FormatException(message);
        }
    }

    private static bool IsWeb(Uri url, NetworkPolicy policy) =>
        url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && policy.Refusal(url) is null);
}
