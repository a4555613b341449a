using System.Net;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>
/// Answers only under names that can mean nothing but this machine, as long as the emulator listens on the loopback interface. A
/// foreign page may have its own name lead there ("DNS rebinding"), and then its visitor's browser lets it read the answers.
/// </summary>
internal sealed class OwnNames(AssetComputeEmulatorOptions options)
{
    private readonly HashSet<string> _allowed = new(options.AllowedHosts.Select(NameOf), StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var name = context.Request.Host.Host;
        return IsOwn(name)
            ? next(context)
            : context.WriteTextAsync(
                StatusCodes.Status403Forbidden,
                $"The emulator listens on the loopback interface and answers to localhost and to addresses, not to '{name}'. Allow that name if it is yours: AllowedHosts, or --allow-host.");
    }

    private static string NameOf(string allowed) => Uri.TryCreate(allowed, UriKind.Absolute, out var origin) ? origin.Host : allowed;

    private bool IsOwn(string name) =>
        name.Length == 0
        || !IPAddress.IsLoopback(options.Address)
        || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(name.Trim('[', ']'), out _)
        || _allowed.Contains(name);
}
