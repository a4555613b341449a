using System.Net;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>
/// Keeps other web sites from steering the emulator through their visitors' browsers: what changes something must come from no
/// page or from the emulator's own, under a name that can only mean this machine.
/// </summary>
internal sealed class OwnOrigin(AssetComputeEmulatorOptions options)
{
    /// <summary>Whether the call may change something; if not, the refusal is written.</summary>
    public async Task<bool> CheckAsync(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        var host = context.Request.Host;
        var isOwn = origin.Length == 0 || origin == $"{context.Request.Scheme}://{host}";

        // On a network the emulator has names that it cannot know.
        var isLocalName = !IPAddress.IsLoopback(options.Address) || host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Host.Trim('[', ']'), out _);
        if (isOwn && isLocalName)
        {
            return true;
        }

        await context.WriteTextAsync(StatusCodes.Status403Forbidden, "Only the emulator's own page, under localhost or an address, may do this.");
        return false;
    }
}
