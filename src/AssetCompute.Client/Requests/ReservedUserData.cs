using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Client;

/// <summary>
/// What clients of the service put under the reserved key <c>assetComputeClient</c> of user data, to recognise their events by.
/// </summary>
/// <remarks>
/// Source: Adobe's Node client, which puts <c>id</c> into the user data of the request, <c>index</c> and <c>length</c> into that of each
/// rendition. <c>request</c> is ours: the request id as the client sent it.
/// </remarks>
internal static class ReservedUserData
{
    private const string Key = "assetComputeClient";

    public static ReadOnlySpan<byte> KeyUtf8 => "assetComputeClient"u8;

    public static ReadOnlySpan<byte> IndexUtf8 => "index"u8;

    public static ReadOnlySpan<byte> RequestUtf8 => "request"u8;

    /// <summary>Writes the user data of a request with the mark among it; the caller's object stays as it is.</summary>
    public static void WriteMarked(Utf8JsonWriter writer, JsonObject? userData, string clientId)
    {
        StartMark(writer, userData);
        writer.WriteString("id"u8, clientId);
        EndMark(writer);
    }

    /// <summary>Writes the user data of a rendition with the mark among it; the caller's object stays as it is.</summary>
    public static void WriteMarked(Utf8JsonWriter writer, JsonObject? userData, int index, int length, string? requestId)
    {
        StartMark(writer, userData);
        writer.WriteNumber(IndexUtf8, index);
        writer.WriteNumber("length"u8, length);
        writer.WriteString(RequestUtf8, requestId);
        EndMark(writer);
    }

    private static void StartMark(Utf8JsonWriter writer, JsonObject? userData)
    {
        writer.WriteStartObject("userData"u8);
        JsonFields.Write(writer, userData, except: Key);
        writer.WriteStartObject(KeyUtf8);
    }

    private static void EndMark(Utf8JsonWriter writer)
    {
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
