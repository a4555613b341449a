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
    private static Workspace? t_idle;

    /// <exception cref="JsonException">The caller's own data are nested too deeply.</exception>
    public static byte[] Serialize(ProcessRequest request)
    {
        // Taken away while it is used: what is written may hold code of the caller's own.
        Workspace workspace = t_idle ?? new Workspace();
        t_idle = null;
        byte[] body = workspace.Write(request);
        t_idle = body.Length <= MaxKeptBytes ? workspace : null;
        return body;
    }

    private sealed class Workspace
    {
        private readonly MemoryStream _bytes = new();
        private readonly Utf8JsonWriter _writer;

        public Workspace() => _writer = new Utf8JsonWriter(_bytes, s_options);

        public byte[] Write(ProcessRequest request)
        {
            _bytes.SetLength(0);
            _writer.Reset();
            try
            {
                ProcessRequestJsonConverter.Write(_writer, request);
            }
            catch (InvalidOperationException exception)
            {
                throw new JsonException(exception.Message, exception);
            }

            _writer.Flush();
            return _bytes.ToArray();
        }
    }
}
