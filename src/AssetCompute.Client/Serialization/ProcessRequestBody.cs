using System.Text.Json;
using AssetCompute.Client.Http;

namespace AssetCompute.Client.Serialization;

/// <summary>The body of <c>POST /process</c>.</summary>
internal static class ProcessRequestBody
{
    /// <summary>Serialises the request once, for all attempts.</summary>
    public static ReusableContent Create(ProcessRequest request) =>
        new(JsonSerializer.SerializeToUtf8Bytes(request, AssetComputeJsonContext.Default.ProcessRequest), "application/json");
}
