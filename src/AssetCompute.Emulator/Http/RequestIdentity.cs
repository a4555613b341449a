using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>The request id of a call: the caller's <c>x-request-id</c>, or a new one.</summary>
internal static class RequestIdentity
{
    private const int MaxLength = 256;

    public static string Of(HttpContext context)
    {
        if (context.Items.TryGetValue(typeof(RequestIdentity), out var known) && known is string id)
        {
            return id;
        }

        // The id is returned as a header. A value that is not valid in a header is ignored.
        var sent = context.Request.Headers["x-request-id"].ToString();
        var requestId = sent.Length is > 0 and <= MaxLength && sent.All(c => c is > ' ' and < (char)127)
            ? sent
            : Guid.NewGuid().ToString("N");
        context.Items[typeof(RequestIdentity)] = requestId;
        return requestId;
    }
}
