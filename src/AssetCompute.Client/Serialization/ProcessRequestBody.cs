using System.Net.Http.Headers;
using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>The body of <c>POST /process</c>.</summary>
internal static class ProcessRequestBody
{
    /// <summary>
    /// Serialises the request once; the content can be sent any number of times, and is byte by byte the same each time.
    /// </summary>
    /// <remarks>
    /// The bytes are not from a pool: an attempt that was given up may still be sending them when the call has ended, and nothing else must
    /// ever stand in their place.
    /// </remarks>
    public static HttpContent Create(ProcessRequest request)
    {
        ByteArrayContent content = new(JsonSerializer.SerializeToUtf8Bytes(request, AssetComputeJsonContext.Default.ProcessRequest));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
