using System.Net;

namespace AssetExport;

/// <summary>Answers only to the page's own host names, since another site could point a name here, and lets only its own pages change something.</summary>
internal sealed class StatusGuard(StatusSettings settings)
{
    private const int MaxOperatorLength = 100;

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        string host = context.Request.Host.Host;
        if (!IsAllowed(host))
        {
            return RefuseAsync(context, $"The status page doesn't answer to the host name '{host}'. If it is yours, add it to Status:AllowedHosts (environment variable Status__AllowedHosts__0).");
        }

        return HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || IsOwnOrigin(context.Request)
            ? next(context)
            : RefuseAsync(context, "Only the status page itself can make changes here: the request has another Origin.");
    }

    /// <summary>Returns the operator who pressed a button: the name in the header of a trusted proxy, otherwise the IP address of the request.</summary>
    public string OperatorOf(HttpContext context)
    {
        IPAddress? remote = context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;
        string name = context.Request.Headers[settings.OperatorHeader].ToString().Trim();
        return remote is null ? "unknown"
            : name.Length == 0 || !settings.TrustedProxies.Any(proxy => proxy.Contains(remote)) ? remote.ToString()
            : name[..Math.Min(name.Length, MaxOperatorLength)];
    }

    private bool IsAllowed(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host, out _) || settings.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    /// <summary>Compares host and port. Programs send no origin. Behind a proxy that ends TLS, the page uses HTTPS, and the request does not.</summary>
    private static bool IsOwnOrigin(HttpRequest request)
    {
        string origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? site)
                && string.Equals(site.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
                && (site.Scheme == Uri.UriSchemeHttps || site.Scheme == request.Scheme));
    }

    private static Task RefuseAsync(HttpContext context, string reason)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(reason, context.RequestAborted);
    }
}
