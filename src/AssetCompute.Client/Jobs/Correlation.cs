using System.Text.Json.Nodes;

namespace AssetCompute.Client.Jobs;

/// <summary>
/// Marks a request and its renditions, so that each event finds its place again. As Adobe's Node client does it, so that both can share a
/// journal: each passes the other's events by.
/// </summary>
internal static class Correlation
{
    public static ProcessRequest Mark(ProcessRequest request, string requestId, string clientId)
    {
        int count = request.Renditions.Count;
        Rendition[] renditions = new Rendition[count];
        for (int i = 0; i < count; i++)
        {
            Rendition rendition = request.Renditions[i];
            renditions[i] = rendition with
            {
                UserData = Add(rendition.UserData, new JsonObject
                {
                    [ReservedUserData.Index] = i,
                    [ReservedUserData.Length] = count,
                    [ReservedUserData.Request] = requestId,
                }),
            };
        }

        return request with
        {
            RequestId = requestId,
            Renditions = renditions,
            UserData = Add(request.UserData, new JsonObject { [ReservedUserData.Id] = clientId }),
        };
    }

    /// <summary>A copy: the caller's own object stays as it is.</summary>
    private static JsonObject Add(JsonObject? userData, JsonObject mark)
    {
        JsonObject marked = userData is null ? [] : userData.DeepClone().AsObject();
        marked[ReservedUserData.Key] = mark;
        return marked;
    }
}
