using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.IntegrationTests.Storage;

/// <summary>Tests for the custom storage of docs/storage-own.md behind a web server that checks its signatures.</summary>
public sealed class FolderStorageTests : IAsyncLifetime
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("asset-compute-own-");
    private WebApplication _server = null!;

    private string Shared => Path.Combine(_folder.FullName, "shared");

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Urls.Add("http://127.0.0.1:0");
        _server.Run(ServeAsync);
        await _server.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Render_OnAStorageOfOnesOwn_BringsTheRenditionAndLeavesNothing()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(static options => options.Rendering.Mode = Emulator.EmulatorRenderingMode.None);
        IAssetRenderer renderer = new AssetRenderer(account.Client.Jobs, new FolderStorage(Shared, new Uri(_server.Urls.First()), _key));
        using MemoryStream source = new([1, 2, 3]);
        string output = Path.Combine(_folder.FullName, "small.png");

        RenderResult result = await renderer.RenderAsync(source, "photo.jpg", [new FileRendition(output)], cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(result.Succeeded, result.Files[0].ToString());
        Assert.Equal(RendererSetup.RenditionBytes, new FileInfo(output).Length);
        Assert.Empty(Directory.EnumerateFiles(Shared, "*", SearchOption.AllDirectories));
    }

    private async Task ServeAsync(HttpContext context)
    {
        string name = context.Request.Path.Value!.TrimStart('/');
        string toSign = $"{context.Request.Method} {name} {context.Request.Query["end"]}";
        bool isInTime = long.TryParse(context.Request.Query["end"], CultureInfo.InvariantCulture, out long end) && DateTimeOffset.FromUnixTimeSeconds(end) > DateTimeOffset.UtcNow;
        if (!isInTime || context.Request.Query["signature"] != Convert.ToHexString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(toSign))))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        string path = Path.Combine(Shared, name);
        if (HttpMethods.IsPut(context.Request.Method))
        {
            await using FileStream file = File.Create(path);
            await context.Request.Body.CopyToAsync(file, context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status201Created;
            return;
        }

        // The service fails a source whose answer has no content-length.
        context.Response.ContentLength = new FileInfo(path).Length;
        await context.Response.SendFileAsync(path, context.RequestAborted);
    }
}
