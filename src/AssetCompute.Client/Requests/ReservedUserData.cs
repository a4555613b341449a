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
    public const string Key = "assetComputeClient";

    public const string Index = "index";

    public const string Request = "request";

    /// <summary>Returns a copy of the request whose events can be matched to their renditions. The caller's objects are not changed.</summary>
    public static ProcessRequest Mark(ProcessRequest request, string clientId) => request with
    {
        UserData = With(request.UserData, new JsonObject { ["id"] = clientId }),
        Renditions =
        [
            .. request.Renditions.Select((rendition, index) => rendition with
            {
                UserData = With(rendition.UserData, new JsonObject { [Index] = index, ["length"] = request.Renditions.Count, [Request] = request.RequestId }),
            }),
        ],
    };

    private static JsonObject With(JsonObject? userData, JsonObject mark)
    {
        JsonObject marked = userData?.DeepClone().AsObject() ?? [];
        marked[Key] = mark;
        return marked;
    }
}
