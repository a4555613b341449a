using System.Text.Json;
using System.Text.Json.Nodes;

namespace AssetCompute.Client;

/// <summary>The data that clients of the service store under the reserved key <c>assetComputeClient</c> of user data, to recognize their events.</summary>
/// <remarks>
/// Source: Adobe's Node client, which writes <c>id</c> into the user data of the request, and <c>index</c> and <c>length</c> into that of each
/// rendition. Both clients can therefore share a journal: each ignores the other's events. <c>request</c> is an addition: the request id that the
/// client sent.
/// </remarks>
internal static class ReservedUserData
{
    /// <summary>Returns a copy of the request whose events can be matched to their renditions. The caller's objects are not changed.</summary>
    public static ProcessRequest Mark(ProcessRequest request, string clientId) => request with
    {
        UserData = With(request.UserData, new JsonObject { ["id"] = clientId }),
        Renditions =
        [
            .. request.Renditions.Select((rendition, index) => rendition with
            {
                UserData = With(rendition.UserData, new JsonObject { ["index"] = index, ["length"] = request.Renditions.Count, ["request"] = request.RequestId }),
            }),
        ],
    };

    /// <summary>Reads the request id and the index of a rendition, as its event echoes them; null if it does not.</summary>
    public static (string? Request, int? Index) Read(JsonElement rendition)
    {
        JsonElement mark = rendition.Object("userData"u8).Object("assetComputeClient"u8);
        return (mark.Text("request"u8), mark.Value("index"u8, JsonValueKind.Number) is { } value && value.TryGetInt32(out int index) ? index : null);
    }

    private static JsonObject With(JsonObject? userData, JsonObject mark)
    {
        JsonObject marked = userData?.DeepClone().AsObject() ?? [];
        marked["assetComputeClient"] = mark;
        return marked;
    }
}
