using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>The body of <c>POST /process</c>, written without the serialiser: at the start of a program that alone would cost as much as some calls.</summary>
internal static class ProcessRequestBody
{
    /// <summary>A data URI may be of any size; its space is not kept for smaller requests.</summary>
    private const int MaxKeptBytes = 64 * 1024;

    // As deep as the serialiser goes.
    private static readonly JsonWriterOptions s_options = new() { MaxDepth = 64, SkipValidation = true };

    [ThreadStatic]
    private static MemoryStream? t_bytes;

    [ThreadStatic]
    private static Utf8JsonWriter? t_writer;

    /// <exception cref="JsonException">The caller's own data are nested too deeply.</exception>
    public static byte[] Serialize(ProcessRequest request)
    {
        // Taken away while they are used: what is written may hold code of the caller's own, and a failure leaves them as they should not be found.
        MemoryStream bytes = t_bytes ?? new MemoryStream();
        Utf8JsonWriter writer = t_writer ?? new Utf8JsonWriter(bytes, s_options);
        t_bytes = null;
        t_writer = null;
        bytes.SetLength(0);
        writer.Reset(bytes);
        try
        {
            ProcessRequestJsonConverter.Write(writer, request);
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException(exception.Message, exception);
        }

        writer.Flush();
        byte[] body = bytes.ToArray();
        if (body.Length <= MaxKeptBytes)
        {
            t_bytes = bytes;
            t_writer = writer;
        }

        return body;
    }
}
