using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>A Marketo server that accepts every sign-in, contains no files, and returns the responses that a test specifies for uploads.</summary>
internal sealed class BrokenMarketo : IAsyncDisposable
{
    private readonly WebApplication _app = LoopbackServer.Create();

    private BrokenMarketo()
    {
        _app.MapGet("/identity/oauth/token", static context => context.Response.WriteAsync("""{"access_token":"token","expires_in":3599}"""));
        _app.MapGet("/rest/asset/v1/file/byName.json", static context => context.Response.WriteAsync("""{"success":true}"""));
        _app.MapPost("/rest/asset/v1/files.json", UploadAsync);
    }

    /// <summary>The responses to uploads, by the part of the file name before the first hyphen. The default response is success.</summary>
    public ConcurrentDictionary<string, Action<HttpContext>> Answers { get; } = new();

    public static async Task<BrokenMarketo> StartAsync()
    {
        BrokenMarketo marketo = new();
        await marketo._app.StartAsync(TestContext.Current.CancellationToken);
        return marketo;
    }

    public void Configure(ExportScenario scenario)
    {
        scenario["Destinations:marketo:Type"] = "Marketo";
        scenario["Destinations:marketo:RestHost"] = _app.Urls.First();
        scenario["Destinations:marketo:ClientId"] = "id";
        scenario["Destinations:marketo:ClientSecret"] = "secret";
        scenario["Destinations:marketo:FolderId"] = "1";
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task UploadAsync(HttpContext context)
    {
        IFormCollection form = await context.Request.ReadFormAsync();
        if (Answers.TryGetValue(form["name"].ToString().Split('-')[0], out Action<HttpContext>? answer))
        {
            answer(context);
            return;
        }

        await context.Response.WriteAsync("""{"success":true,"result":[{"id":1}]}""");
    }
}
