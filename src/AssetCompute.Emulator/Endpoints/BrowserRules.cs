using System.Net;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>
/// Prevents other web sites from using the emulator through a visitor's browser. The page and the control endpoints accept only host names that always
/// mean this machine, because another site may point its own name here ("DNS rebinding"). On the loopback interface, this applies to all other paths too.
/// A request that changes something must come from the emulator's own page or from no page.
/// </summary>
internal sealed class BrowserRules(AssetComputeEmulatorOptions options)
{
    private const string Root = "/emulator";

    private readonly HashSet<string> _allowed = new(options.AllowedHosts.Select(NameOf), StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var isOwn = request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase) || context.GetEndpoint()?.Metadata.GetMetadata<OperationMetadata>() == OperationMetadata.Unrecorded;
        if ((isOwn || IPAddress.IsLoopback(options.Address)) && !IsAllowed(request.Host.Host))
        {
            return RefuseAsync(context, $"The emulator answers to localhost and to addresses, not to '{request.Host.Host}'. Allow that name if it is yours: AllowedHosts, or --allow-host.");
        }

        var isChange = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        return isOwn && isChange && request.Headers.Origin is { Count: > 0 } origin && origin != $"{request.Scheme}://{request.Host}"
            ? RefuseAsync(context, "Only the emulator's own page may do this.")
            : next(context);
    }

    private static Task RefuseAsync(HttpContext context, string message) => context.WriteTextAsync(StatusCodes.Status403Forbidden, message);

    private static string NameOf(string allowed) => Uri.TryCreate(allowed, UriKind.Absolute, out var origin) ? origin.Host : allowed;

    private bool IsAllowed(string name) =>
        name.Length == 0
        || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(name.Trim('[', ']'), out _)
        || _allowed.Contains(name);
}
