using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>
/// Keeps other web sites from steering the emulator through their visitors' browsers: what changes something must come from no
/// page or from the emulator's own.
/// </summary>
internal static class OwnOrigin
{
    /// <summary>Whether the call may change something; if not, the refusal is written.</summary>
    public static async Task<bool> CheckAsync(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || origin == $"{context.Request.Scheme}://{context.Request.Host}")
        {
            return true;
        }

        await context.WriteTextAsync(StatusCodes.Status403Forbidden, "Only the emulator's own page may do this.");
        return false;
    }
}
