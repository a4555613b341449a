using AssetCompute.Emulator;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Storage;

/// <summary>Code samples of docs/storage.md and docs/storage-own.md that use only the emulator's storage.</summary>
internal static class DocumentedStorage
{
    public static async Task RenderAsync(AssetComputeClient assetCompute, IAssetStorage storage, CancellationToken cancellationToken)
    {
        IAssetRenderer renderer = new AssetRenderer(assetCompute.Jobs, storage);
        RenderResult result = await renderer.RenderAsync(
            "photo.psd",
            [
                new FileRendition("web/photo.jpg", new Rendition { Width = 1280, Quality = 80 }),
                new FileRendition("web/thumbnail.png", new Rendition { Width = 200 }),
            ],
            cancellationToken: cancellationToken);
        foreach (RenderedFile file in result.Files)
        {
            Console.WriteLine(file.Succeeded ? $"{file.Requested.Path} is written" : $"{file.Requested.Path}: {file.Event} {file.Error?.Message}");
        }
    }

    public static async Task RenderManyAsync(IAssetRenderer renderer, CancellationToken cancellationToken)
    {
        IReadOnlyList<RenderFile> files = RenderFile.InFolder(
            "photos",
            "out",
            [new FileRendition("web.jpg", new Rendition { Width = 1280 }), new FileRendition("*.webp")],
            "**/*.jpg", "**/*.psd", "!drafts/**");
        RenderManyOptions options = new() { MaxParallel = 8, MaxAssets = 1000 };
        RenderPlan plan = RenderPlan.Create(files, options);
        Console.WriteLine($"{plan.Files.Count} files, {plan.Renditions} renditions, {plan.SourceBytes} bytes to send; {plan.FilesOverMaximum} files left for the next run");
        await foreach (RenderResult result in renderer.RenderManyAsync(files, options, cancellationToken))
        {
            Console.WriteLine($"{result.Source}: {(result.Succeeded ? "done" : string.Join(", ", result.Files))}");
        }
    }

    public static async Task ByHandAsync(AssetComputeClient assetCompute, IAssetStorage storage, Stream photo, CancellationToken cancellationToken)
    {
        await storage.UploadAsync("sources/photo.psd", photo, "image/vnd.adobe.photoshop", cancellationToken);
        StorageTarget target = await storage.CreateTargetAsync("renditions/photo.tif", new StorageTargetOptions { MaxSize = 2L << 30 }, cancellationToken);
        Uri url = await storage.CreateReadUrlAsync("sources/photo.psd", cancellationToken: cancellationToken);
        ProcessRequest request = new()
        {
            Source = (AssetSource)url with { Size = photo.Length, MimeType = "image/vnd.adobe.photoshop" },
            Renditions = [new Rendition { Format = RenditionFormat.Tif, Target = target.Target }],
        };
        RenditionJobResult result = await assetCompute.Jobs.RunAsync(request, cancellationToken: cancellationToken);
        if (result.Renditions[0] is RenditionCreated created)
        {
            await target.CompleteAsync(created, cancellationToken);
        }
        else
        {
            await target.AbortAsync(cancellationToken);
        }
    }

    public static IAssetStorage Emulated(AssetComputeEmulator emulator) =>
        new EmulatorAssetStorage(emulator.Endpoint);

    public static void Register(IServiceCollection services, Action<AssetComputeOptions> configure) =>
        services.AddAssetCompute(configure).AddEmulatorStorage();
}
