using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>How an endpoint says what is wrong with a call; that its text or JSON is malformed is the caller's mistake.</summary>
internal sealed record ErrorForm(Func<HttpContext, int, string, Task> WriteAsync)
{
    public static ErrorForm Service { get; } = new((context, status, message) => context.WriteJsonAsync(
        status, new JsonObject { ["ok"] = false, ["requestId"] = RequestIdentity.Of(context), ["message"] = message }));

    public static ErrorForm Text { get; } = new((context, status, message) => context.WriteTextAsync(status, message));

    /// <summary>JSON whose only member has this name.</summary>
    public static ErrorForm Member(string name) => new((context, status, message) => context.WriteJsonAsync(status, new JsonObject { [name] = message }));
}
