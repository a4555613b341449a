using System.Text.Json;

namespace AssetCompute.Client.Serialization;

/// <summary>The body of <c>POST /process</c>.</summary>
internal static class ProcessRequestBody
{
    public static byte[] Serialize(ProcessRequest request) =>
        JsonSerializer.SerializeToUtf8Bytes(request, AssetComputeJsonContext.Default.ProcessRequest);
}
