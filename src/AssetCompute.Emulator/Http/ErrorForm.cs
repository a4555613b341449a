using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>The format in which an endpoint reports errors. Malformed text or JSON is an error of the caller.</summary>
internal sealed record ErrorForm(Func<HttpContext, int, string, Task> WriteAsync)
{
    public static ErrorForm Service { get; } = new((context, status, message) => context.WriteJsonAsync(
        status, new JsonObject { ["ok"] = false, ["requestId"] = context.TraceIdentifier, ["message"] = message }));

    public static ErrorForm Text { get; } = new((context, status, message) => context.WriteTextAsync(status, message));

    /// <summary>A JSON object with a single member of this name.</summary>
    public static ErrorForm Member(string name) => new((context, status, message) => context.WriteJsonAsync(status, new JsonObject { [name] = message }));
}
